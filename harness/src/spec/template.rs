//! Templates: text with `{names}`. Splits them; filling is done by planning (drawn
//! values, columns, settings) and by the matcher (what is known only at run time).

use super::Template;

/// A piece of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// Text as it stands.
    Text(&'a str),
    /// A doubled brace, meant as one.
    Brace,
    /// A name in braces.
    Name(&'a str),
}

impl Template {
    /// The pieces of the template; the offending text where a brace opens no name.
    pub fn parts(&self) -> Result<Vec<Part<'_>>, &str> {
        let mut parts = Vec::new();
        let mut rest = self.0.as_str();
        while let Some(open) = rest.find('{') {
            if open > 0 {
                parts.push(Part::Text(&rest[..open]));
            }
            let inside = &rest[open + 1..];
            if let Some(after) = inside.strip_prefix('{') {
                parts.push(Part::Brace);
                rest = after;
                continue;
            }
            let close = inside.find('}').filter(|close| is_name(&inside[..*close])).ok_or(&rest[open..])?;
            parts.push(Part::Name(&inside[..close]));
            rest = &inside[close + 1..];
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest));
        }
        Ok(parts)
    }

    /// The text with every name replaced that `value` knows. Names it does not know
    /// stay in braces, doubled braces stay doubled, and braces in values are doubled,
    /// so that the result is a template again.
    #[must_use]
    pub fn filled(&self, value: impl Fn(&str) -> Option<String>) -> Template {
        let Ok(parts) = self.parts() else { return self.clone() };
        let fill = |part: &Part<'_>| match *part {
            Part::Text(text) => text.to_owned(),
            Part::Brace => "{{".to_owned(),
            Part::Name(name) => {
                value(name).map_or_else(|| format!("{{{name}}}"), |text| text.replace('{', "{{"))
            }
        };
        Template(parts.iter().map(fill).collect())
    }
}

fn is_name(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_text_names_and_doubled_braces() {
        let template = Template("a {x} {{y} {a.ip}".to_owned());
        let parts = template.parts().unwrap();
        use Part::{Brace, Name, Text};
        assert_eq!(parts, [Text("a "), Name("x"), Text(" "), Brace, Text("y} "), Name("a.ip")]);
    }

    #[test]
    fn tells_which_brace_opens_no_name() {
        assert_eq!(Template("ok { x }".to_owned()).parts(), Err("{ x }"));
        assert_eq!(Template("{open".to_owned()).parts(), Err("{open"));
    }

    #[test]
    fn stays_a_template_when_filled() {
        let template = Template("{x}{{{port}".to_owned());
        let filled = template.filled(|name| (name == "x").then(|| "a{b".to_owned()));
        assert_eq!(filled.0, "a{{b{{{port}");
    }
}
