//! What is suspicious in a spec that can be run: warnings, which a spec may have and none should.

/// Something that makes a check weaker than its author meant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Suspicion {
    /// No step can be unfulfilled.
    #[error("this check expects nothing of the program")]
    ExpectsNothing,
    /// A program that does nothing passes.
    #[error("a program that says and shows nothing passes this check")]
    SilencePasses,
    /// A program that sends back what it gets passes.
    #[error("a program that sends every request back passes this check")]
    EchoPasses,
    /// A program that always says the same passes.
    #[error("a program that always replies `{0}` passes this check")]
    ConstantPasses(String),
    /// Nothing tells where the value ends or what it is.
    #[error("`{0}` is read here without a bound: whatever comes is taken for it")]
    Unbounded(&'static str),
    /// The snapshot of the model shows no trace of a step.
    #[error("the model program never comes to this step: its snapshot shows nothing of it")]
    NeverReached,
    /// No sample program loses it.
    #[error("no wrong sample program fails this check")]
    NobodyFails,
}

impl Suspicion {
    /// How to mend it.
    pub(super) fn advice(&self) -> String {
        let advice = match self {
            Self::ExpectsNothing => "add an `expect`, or a step such as `{ expect-alive = true }`",
            Self::SilencePasses => {
                "expect something first that only a right program says, or name the check that does in `needs`"
            }
            Self::EchoPasses => "ask for what differs from the request, best with a drawn value",
            Self::ConstantPasses(_) => {
                "ask for two different replies, best with drawn values, or name a check that does in `needs`"
            }
            Self::Unbounded("integer") => {
                "give it a `value` or a range that is `plausible`, or leave `more` out"
            }
            Self::Unbounded("jpeg") => "give it `bytes`, or expect the end of the connection behind it",
            Self::Unbounded(_) => {
                "write a pattern that the empty text does not match, or say `something = true`"
            }
            Self::NeverReached => {
                "record the snapshot anew (`grader snapshot`), or take the step out: a model that does not come here cannot show that it is right"
            }
            Self::NobodyFails => {
                "write a program that does it wrong under `fixtures/submissions`, and name this check in its `caught-by:`"
            }
        };
        advice.to_owned()
    }
}
