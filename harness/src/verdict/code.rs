//! The kinds of failure: what reports, lessons and sample programs call them by.

use serde::Serialize;

/// The kinds, and the list of all of them, from one table.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// The kinds of failure. Reports print them in kebab-case; they never change meaning.
        /// Each is derived from what was recorded of program and wire, never from a text that a
        /// person reads, and the most specific one that is true is told.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// Every kind of failure, in the order of their declaration.
            pub const ALL: &[Self] = &[$(Self::$name,)*];
        }
    };
}

codes! {
    /// The program never listened.
    NeverListens,
    /// The program never connected.
    NeverConnects,
    /// The program never bound a UDP port.
    NeverBinds,
    /// The program never sent a datagram.
    NeverSends,
    /// It uses TCP where datagrams are to travel.
    SpeaksTcp,
    /// It used more than it may, and was ended.
    OverLimit,
    /// The program could not be started.
    CannotStart,
    /// It ended before it was ready.
    EndedBeforeReady,
    /// It refused a connection it should have taken.
    Refused,
    /// It uses another port than the handout names.
    WrongPort,
    /// It connects to another address than it was given.
    WrongAddress,
    /// A datagram went to another peer than the one it was for.
    WrongReceiver,
    /// A datagram came from another port than the one that was asked.
    WrongSource,
    /// Nothing came, and nothing will.
    NoReply,
    /// It waits for its peer to speak first, whose turn it is not.
    WaitsToBeSpokenTo,
    /// It waits for another client, which is silent, and leaves this one without an answer.
    BlockedBehindSilentClient,
    /// It takes one message, and then closes or ends although more are to follow.
    OneMessageOnly,
    /// Something else came.
    WrongReply,
    /// The reply is the question.
    EchoesTheRequest,
    /// The reply belongs to an earlier message of this connection.
    PreviousReplyAgain,
    /// The reply is what another client has sent, or was answered.
    ReplyOfAnotherClient,
    /// Two bytes of length stand before the text.
    SendsLengthFirst,
    /// The right text is there, with other text around it.
    TextAroundIt,
    /// Capital and small letters are exchanged.
    ChangesCase,
    /// Lines end in CRLF where they should end in LF.
    CrlfForLf,
    /// The length counts its own bytes as well.
    LengthCountsItself,
    /// A division without its fraction.
    FractionLost,
    /// The time is right in another time zone.
    WrongTimeZone,
    /// The beginning came and the rest did not.
    IncompleteReply,
    /// All but the last byte came.
    LastByteLost,
    /// Of a message in several segments only the first was taken.
    FirstSegmentOnly,
    /// The beginning of a file came, and the rest did not.
    TruncatedFile,
    /// The bytes of a file went through text and back.
    TextModeTranslation,
    /// More came than should.
    SurplusBytes,
    /// It sends where it is not its turn.
    SpeaksOutOfTurn,
    /// A datagram came where none should.
    SurplusDatagram,
    /// A buffer was sent as a whole: zeros follow the text.
    SendsWholeBuffer,
    /// The integer is in the order of the processor.
    RepliedLittleEndian,
    /// The integer is read in the order of the processor.
    ReadLittleEndian,
    /// The number was sent as text.
    SentAsText,
    /// The integer has a width nobody asked for.
    WrongWidth,
    /// The program closed the connection where it should go on.
    ClosedEarly,
    /// The program reset the connection.
    ClosedByReset,
    /// The connection is still open where it should be closed.
    StillOpen,
    /// The program has ended where it should run.
    EndedTooEarly,
    /// The server has ended after its first client.
    ServesOneClientOnly,
    /// The server has ended because a client reset its connection.
    EndedAtReset,
    /// The program died of a signal.
    Crashed,
    /// It shows the trace of an exception.
    Traceback,
    /// It never waits for input at its terminal, where something was to be typed.
    NeverAsks,
    /// It still runs where it should have ended.
    StillRunning,
    /// It ended with the wrong status.
    WrongExit,
    /// It spins without waiting for anything.
    BusyLoop,
    /// It spins since a connection is over.
    BusyLoopAtEof,
    /// It does not show what it should.
    NotShown,
    /// It shows the beginning of what it should, and no more.
    ShownInPart,
    /// The integer is read with a sign it should not have.
    ReadAsSigned,
    /// It shows the message it has sent in place of the one that came.
    ShowsItsOwnMessage,
    /// It shows the name of an object in place of the text in it.
    PrintsTheObject,
    /// It shows what it should not.
    ShownWrongly,
    /// The message is not HTTP.
    MalformedHttp,
    /// No empty line ends the header.
    MissingEmptyLine,
    /// Lines end in LF where they should end in CRLF.
    LfForCrlf,
    /// The response has another status.
    WrongStatus,
    /// A header field is missing or has another value.
    WrongHeader,
    /// Text is sent in another encoding than the one in which it is read.
    WrongCharset,
    /// Text is sent as UTF-8 where it is read as EUC-KR.
    Utf8ForEucKr,
    /// Text is in EUC-KR (CP949) where it should be UTF-8.
    EucKrForUtf8,
    /// UTF-8 was taken for Latin-1: every byte became a letter.
    Latin1ForUtf8,
    /// Only the ASCII letters of a text come through.
    AsciiOnly,
    /// The request asks for something else.
    WrongRequest,
    /// It does not write the file.
    NotWritten,
    /// It writes something else into the file.
    WrittenWrongly,
    /// A value lies outside its range.
    OutOfRange,
    /// A value that should change is always the same.
    NeverChanges,
    /// A record tells another time than the present one.
    WrongTime,
    /// A record holds other values than the wire carried.
    Disagrees,
    /// Right in part only.
    PartlyRight,
    /// A check this one needs has failed.
    NotReached,
    /// The check supposes the customary form on the wire; the programs have one of their own.
    OwnForm,
    /// This machine cannot run the program or the check.
    CannotRunHere,
    /// The machine could not do its part.
    MachineTrouble,
    /// The grader's own trouble.
    GraderTrouble,
}
