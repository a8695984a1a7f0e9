//! Every line that is shown, in one place.

use std::net::SocketAddr;

/// To the one who enters.
pub fn connected(count: usize) -> String {
    format!("Connected to the chat server ({})", online(count))
}

/// To all others when somebody enters.
pub fn entered(who: SocketAddr, count: usize) -> String {
    format!("New user {who} entered ({})", online(count))
}

/// To those who remain when somebody leaves.
pub fn left(who: SocketAddr, count: usize) -> String {
    format!("The user {who} left ({})", online(count))
}

/// To the one who speaks.
pub fn own(text: &str) -> String {
    format!("[You] {text}")
}

/// To all others when somebody speaks.
pub fn said(who: SocketAddr, text: &str) -> String {
    format!("[{who}] {text}")
}

/// How many there are, with the right form of the word.
fn online(count: usize) -> String {
    match count {
        1 => "1 user online".to_owned(),
        _ => format!("{count} users online"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_a_user_and_two_are_users() {
        let who = "127.0.0.1:49448".parse().unwrap();
        assert_eq!(connected(1), "Connected to the chat server (1 user online)");
        assert_eq!(entered(who, 2), "New user 127.0.0.1:49448 entered (2 users online)");
        assert_eq!(left(who, 1), "The user 127.0.0.1:49448 left (1 user online)");
        assert_eq!(said(who, "hi"), "[127.0.0.1:49448] hi");
    }
}
