//! `hw4`: a web server for three files. TCP port 80.
//!
//! # Protocol
//!
//! HTTP/1.1. The browser sends a request: a line such as `GET /index.html HTTP/1.1`, header lines,
//! and an empty line. The server answers with one file and closes:
//!
//! | request          | content type   | body                                       |
//! |------------------|----------------|--------------------------------------------|
//! | `/index.html`    | `text/html`    | the file, turned from UTF-8 into EUC-KR    |
//! | `/iot.png`       | `image/png`    | the file                                   |
//! | `/favicon.ico`   | `image/x-icon` | the file                                   |
//! | anything else    |                | `404 Not Found`, and a page that says so   |
//!
//! # Run it
//!
//! ```text
//! $ grader reference hw4 server -- 8080        $ curl -i http://localhost:8080/aaaaa
//! 127.0.0.1:51200 GET /aaaaa 404               HTTP/1.1 404 Not Found
//!                                              ...
//! ```
//!
//! It takes an address, and serves the working directory or another: `--folder DIR`. Ports below
//! 1024, such as 80, are for the administrator only.
//!
//! # Worth a look
//!
//! [`request`] knows when a request is whole: at its empty line, in however many pieces it comes.
//! [`response`] has a list of three names. What is not on the list does not exist for the server, so
//! there is no name with which a client could get at other files of the machine.

pub mod request;
pub mod response;
pub mod server;

/// The port of the handout, and of the web.
pub const PORT: u16 = 80;
