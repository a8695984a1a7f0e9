//! What a program that ends at once may want to be started with.

use crate::spec::End;

/// What a program may want to be started with, in the order of trying: a host name is no port,
/// and a port is no host name.
pub(super) fn wanted_arguments(end: End) -> &'static [&'static [&'static str]] {
    match end {
        End::Server => &[
            &["{port}"],
            &["{host}", "{port}"],
            &["{port}", "{host}"],
            &["-p", "{port}"],
            &["-i", "{host}", "-p", "{port}"],
            &["-s", "{host}", "-p", "{port}"],
        ],
        End::Client => &[
            &["{host}", "{port}"],
            &["{host}"],
            &["{port}"],
            &["{port}", "{host}"],
            &["-p", "{port}"],
            &["-i", "{host}", "-p", "{port}"],
            &["-s", "{host}", "-p", "{port}"],
        ],
    }
}

/// The arguments that a program says it requires, as argparse writes it; none where one is neither
/// host nor port.
pub(super) fn demanded_arguments(said: &str) -> Option<Vec<String>> {
    let (_, list) = said.rsplit_once("arguments are required:")?;
    let mut arguments = Vec::new();
    for names in list.lines().next()?.split(',').map(str::trim) {
        let option = names.split('/').next_back()?.trim();
        let name = names.to_lowercase();
        if option.starts_with('-') {
            arguments.push(option.to_owned());
        }
        let speaks_of = |words: &[&str]| words.iter().any(|word| name.contains(word));
        if speaks_of(&["port", "-p"]) {
            arguments.push("{port}".to_owned());
        } else if speaks_of(&["host", "ip", "addr", "server", "-s", "-i", "-h", "-a"]) {
            arguments.push("{host}".to_owned());
        } else {
            return None;
        }
    }
    Some(arguments)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_a_program_requires() {
        let table = [
            (
                "x.py: error: the following arguments are required: -p/--port, -i/--ip",
                Some("--port {port} --ip {host}"),
            ),
            ("usage: x\nerror: the following arguments are required: host, port\n", Some("{host} {port}")),
            ("the following arguments are required: --name", None),
            ("Usage: x <port>", None),
        ];
        for (said, arguments) in table {
            assert_eq!(demanded_arguments(said).map(|words| words.join(" ")).as_deref(), arguments, "{said}");
        }
    }
}
