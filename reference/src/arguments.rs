//! What stands behind a program's name on the command line: an address, and a few options.
//!
//! A server takes `[PORT]` or `[HOST:PORT]`, a client `[HOST] [PORT]` in any of the usual ways to
//! write them. Whatever is left out has the default of the handout.

use std::net::{IpAddr, SocketAddr};

use crate::Failure;
use crate::network::Address;

/// All addresses of this machine: what a server binds when it is told nothing else.
pub const EVERYWHERE: &str = "0.0.0.0";

/// This machine: where a client looks for its server when it is told nothing else.
pub const LOCALHOST: &str = "127.0.0.1";

/// The arguments that nobody has looked at yet.
#[derive(Debug)]
pub struct Arguments {
    /// In the order in which they were typed.
    rest: Vec<String>,
}

/// An address as far as it was typed.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// The host, if there was one.
    pub host: Option<String>,
    /// The port, if there was one.
    pub port: Option<u16>,
}

impl Arguments {
    /// Takes over the arguments, without the name of the program.
    pub fn new(rest: Vec<String>) -> Self {
        Self { rest }
    }

    /// Takes out an option and its value: `-p 5000` or `-p5000`. `None` if it was not given.
    ///
    /// Options have to be taken before the address, which claims everything that is left.
    pub fn option(&mut self, name: &str) -> Result<Option<String>, Failure> {
        let Some(at) = self.rest.iter().position(|word| word.starts_with(name)) else {
            return Ok(None);
        };
        let word = self.rest.remove(at);
        let attached = &word[name.len()..];
        if !attached.is_empty() {
            return Ok(Some(attached.trim_start_matches('=').to_owned()));
        }
        if at == self.rest.len() {
            return Err(usage(format!("`{name}` needs a value")));
        }
        Ok(Some(self.rest.remove(at)))
    }

    /// Where a server should listen: what was typed, completed by the defaults.
    pub fn server_address(self, port: u16) -> Result<Address, Failure> {
        Ok(self.typed_address()?.or(EVERYWHERE, port))
    }

    /// Where a client should connect to: what was typed, completed by the defaults.
    pub fn client_address(self, port: u16) -> Result<Address, Failure> {
        Ok(self.typed_address()?.or(LOCALHOST, port))
    }

    /// Takes all that is left as an address: nothing, one word, or a host and a port.
    pub fn typed_address(self) -> Result<Typed, Failure> {
        if let Some(option) = self.rest.iter().find(|word| word.starts_with('-')) {
            return Err(usage(format!("unknown option `{option}`")));
        }
        match self.rest.as_slice() {
            [] => Ok(Typed::default()),
            [word] => Typed::from_word(word),
            [host, port] => Ok(Typed { host: Some(host.clone()), port: Some(parse_port(port)?) }),
            [_, _, surplus, ..] => Err(usage(format!("`{surplus}` is one argument too many"))),
        }
    }

    /// Takes host and port, both of which have to be there. `form` shows how it should have looked.
    pub fn required_address(self, form: &str) -> Result<Address, Failure> {
        match self.typed_address()? {
            Typed { host: Some(host), port: Some(port) } => Ok(Address { host, port }),
            _ => Err(usage(format!("host and port are needed: {form}"))),
        }
    }

    /// Takes the next word as an address, for programs that need several. It may be missing.
    pub fn next_address(&mut self) -> Result<Typed, Failure> {
        match self.rest.is_empty() {
            true => Ok(Typed::default()),
            false => Typed::from_word(&self.rest.remove(0)),
        }
    }

    /// Makes sure that nothing is left.
    pub fn finish(self) -> Result<(), Failure> {
        match self.rest.first() {
            None => Ok(()),
            Some(surplus) => Err(usage(format!("`{surplus}` is one argument too many"))),
        }
    }
}

impl Typed {
    /// Reads a single word: `9000`, `::1`, `[::1]:9000`, `localhost:9000`, or `localhost`.
    fn from_word(word: &str) -> Result<Self, Failure> {
        if word.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Self { host: None, port: Some(parse_port(word)?) });
        }
        if word.parse::<IpAddr>().is_ok() {
            return Ok(Self { host: Some(word.to_owned()), port: None });
        }
        if let Ok(address) = word.parse::<SocketAddr>() {
            return Ok(Self { host: Some(address.ip().to_string()), port: Some(address.port()) });
        }
        match word.rsplit_once(':') {
            Some((host, port)) => Ok(Self { host: Some(host.to_owned()), port: Some(parse_port(port)?) }),
            None => Ok(Self { host: Some(word.to_owned()), port: None }),
        }
    }

    /// Fills the gaps.
    pub fn or(self, host: &str, port: u16) -> Address {
        Address { host: self.host.unwrap_or_else(|| host.to_owned()), port: self.port.unwrap_or(port) }
    }
}

/// Reads a port number. It has 16 bits, so `70000` is as wrong as `abc`.
pub fn parse_port(word: &str) -> Result<u16, Failure> {
    word.trim().parse().map_err(|_| usage(format!("`{word}` is not a port number (0 to 65535)")))
}

/// Something is wrong with the command line.
pub(crate) fn usage(problem: String) -> Failure {
    Failure::Usage { problem }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(line: &str) -> Arguments {
        Arguments::new(line.split_whitespace().map(str::to_owned).collect())
    }

    #[test]
    fn reads_every_usual_way_to_write_an_address() {
        for (line, expected) in [
            ("", "127.0.0.1:9000"),
            ("5000", "127.0.0.1:5000"),
            ("example.org", "example.org:9000"),
            ("example.org 5000", "example.org:5000"),
            ("example.org:5000", "example.org:5000"),
            ("10.0.0.7", "10.0.0.7:9000"),
            ("::1", "[::1]:9000"),
            ("[::1]:5000", "[::1]:5000"),
        ] {
            let address = arguments(line).client_address(9000).unwrap();
            assert_eq!(address.to_string(), expected, "{line:?}");
        }
    }

    #[test]
    fn a_server_listens_everywhere_unless_told_otherwise() {
        let address = arguments("5000").server_address(9000).unwrap();
        assert_eq!(address.to_string(), "0.0.0.0:5000");
    }

    #[test]
    fn refuses_what_cannot_be_a_port() {
        for line in ["localhost abc", "70000", "localhost:-1", "localhost 1 2", "-x"] {
            let failure = arguments(line).client_address(9000).unwrap_err();
            assert_eq!(failure.status(), 2, "{line:?}");
        }
    }

    #[test]
    fn an_option_is_taken_with_its_value() {
        let mut given = arguments("-p 5000 example.org");
        assert_eq!(given.option("-p").unwrap().as_deref(), Some("5000"));
        assert_eq!(given.option("-s").unwrap(), None);
        assert_eq!(given.client_address(1).unwrap().host, "example.org");
        assert!(arguments("-p").option("-p").is_err());
        for line in ["-p5000", "-p=5000"] {
            assert_eq!(arguments(line).option("-p").unwrap().as_deref(), Some("5000"));
        }
    }
}
