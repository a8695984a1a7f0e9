//! The server of `time`: tells the local time.

use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

use jiff::Zoned;

use super::PORT;
use crate::arguments::Arguments;
use crate::console::announce;
use crate::{Failure, console, network};

/// The program: listens where it is told and serves until Ctrl+C.
pub async fn main(arguments: Arguments) -> Result<(), Failure> {
    let address = arguments.server_address(PORT)?;
    let interrupted = console::interrupted()?;
    let listener = network::listen(&address).await?;
    serve(listener, interrupted).await;
    Ok(())
}

/// Tells the time to every client, one after another, until `shutdown` is ready.
pub async fn serve(listener: TcpListener, shutdown: impl Future) {
    tokio::select! {
        () = serve_everyone(&listener) => {}
        _ = shutdown => {}
    }
}

/// The server's loop.
async fn serve_everyone(listener: &TcpListener) {
    loop {
        let (mut stream, peer) = network::accept(listener).await;
        announce(format_args!("connection from {peer}"));

        // The clock is read after the client has come. Read before `accept`, it would show when
        // the client before this one was served.
        let text = ctime(&Zoned::now());
        match stream.write_all(text.as_bytes()).await {
            Ok(()) => network::hang_up(stream).await,
            Err(error) => announce(format_args!("{peer} was lost: {error}")),
        }
    }
}

/// The time as `ctime` writes it. `%e` is the day of the month, filled up with a blank.
pub fn ctime(time: &Zoned) -> String {
    time.strftime("%a %b %e %H:%M:%S %Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::super::LENGTH;
    use super::*;
    use jiff::civil::date;
    use jiff::tz::TimeZone;

    #[test]
    fn a_day_of_one_digit_is_filled_up_with_a_blank() {
        let time = date(2021, 3, 4).at(9, 43, 7, 0).to_zoned(TimeZone::UTC);
        let text = ctime(&time.unwrap());
        assert_eq!(text, "Thu Mar  4 09:43:07 2021");
        assert_eq!(text.len(), LENGTH);
    }

    #[test]
    fn a_day_of_two_digits_keeps_the_length() {
        let time = date(2022, 12, 11).at(17, 2, 13, 0).to_zoned(TimeZone::UTC);
        let text = ctime(&time.unwrap());
        assert_eq!(text, "Sun Dec 11 17:02:13 2022");
        assert_eq!(text.len(), LENGTH);
    }
}
