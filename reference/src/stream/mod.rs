//! `stream`: a film, frame by frame. TCP port 5000.
//!
//! # Protocol
//!
//! For each frame of the film:
//!
//! ```text
//! client                          server
//!   start                   →
//!                           ←     the size of the picture: 10 digits, filled up with zeros
//!   image                   →
//!                           ←     the picture, a JPEG
//! ```
//!
//! After the last frame the server closes.
//!
//! # Run it
//!
//! ```text
//! $ grader reference stream server             $ grader reference stream client
//! Client is connected: 127.0.0.1:40716         30 frames
//! 127.0.0.1:40716: 30 frames sent
//! ```
//!
//! Both take an address. The film is `test.mp4` in the server's working directory, or another:
//! `server -- --film holiday.mp4`. It has to be motion JPEG, that is, a row of JPEG pictures:
//! `ffmpeg -i holiday.mov -c:v mjpeg -an holiday.mp4` makes one.
//!
//! The client shows a window, and `q` in it ends the client. Where there is no display, it tells
//! about each frame instead.
//!
//! # Worth a look
//!
//! A picture has thousands of bytes and comes in many pieces. [`client`] knows its size beforehand
//! and reads until it has all of it. The server's part in this is easy; the larger half of it is
//! [`film`] and [`tables`], which find the pictures in the file.

pub mod client;
pub mod film;
pub mod screen;
pub mod server;
pub mod size;
pub mod tables;

/// The port of the handout.
pub const PORT: u16 = 5000;

/// The film of the handout.
pub const FILM: &str = "test.mp4";

/// Asks for the size of the next frame.
pub const START: &str = "start";

/// Asks for the frame itself.
pub const IMAGE: &str = "image";
