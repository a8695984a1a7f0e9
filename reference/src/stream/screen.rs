//! What the client shows: a window where there is a display, a line for each frame where there is
//! none. This file knows about pictures and nothing about sockets.

use minifb::{Key, KeyRepeat, Window, WindowOptions};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use crate::console::announce;

/// What the user wants after a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// The next frame.
    GoOn,
    /// No more: `q` was pressed, or the window closed.
    Stop,
}

/// Where frames are shown.
pub struct Screen {
    surface: Surface,
    /// How many frames were shown.
    count: u64,
}

/// What there is to show them on.
enum Surface {
    /// Not known yet: the window is made for the first picture, in its size.
    Undecided,
    /// A window.
    Window(Box<Window>),
    /// No display, so a line of text each.
    Text,
}

/// A picture, ready to be shown.
struct Picture {
    width: usize,
    height: usize,
    /// One number for each dot, row by row: red, green and blue, eight bits each.
    dots: Vec<u32>,
}

impl Screen {
    /// A window, if there is a display.
    pub fn open() -> Self {
        Self { surface: Surface::Undecided, count: 0 }
    }

    /// Text, even if there is a display.
    pub fn text() -> Self {
        Self { surface: Surface::Text, count: 0 }
    }

    /// How many frames were shown.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Shows a frame.
    pub fn show(&mut self, jpeg: &[u8]) -> Wish {
        self.count += 1;
        let picture = match decode(jpeg) {
            Ok(picture) => picture,
            // One bad picture does not spoil the film.
            Err(reason) => {
                announce(format_args!("frame {} cannot be shown: {reason}", self.count));
                return Wish::GoOn;
            }
        };
        if matches!(self.surface, Surface::Undecided) {
            self.surface = open_surface(&picture);
        }
        match &mut self.surface {
            Surface::Window(window) => show_in(window, &picture),
            Surface::Undecided | Surface::Text => {
                let Picture { width, height, .. } = picture;
                announce(format_args!("frame {}: {width}x{height}, {} bytes", self.count, jpeg.len()));
                Wish::GoOn
            }
        }
    }
}

/// Opens a window of the picture's size, if that can be done.
fn open_surface(picture: &Picture) -> Surface {
    let options = WindowOptions { resize: true, ..WindowOptions::default() };
    match Window::new("image", picture.width, picture.height, options) {
        Ok(window) => Surface::Window(Box::new(window)),
        Err(_) => Surface::Text,
    }
}

/// Shows the picture in the window and asks what the user did meanwhile.
fn show_in(window: &mut Window, picture: &Picture) -> Wish {
    let shown = window.update_with_buffer(&picture.dots, picture.width, picture.height);
    let leave = window.is_key_pressed(Key::Q, KeyRepeat::No) || !window.is_open();
    match shown {
        Ok(()) if !leave => Wish::GoOn,
        _ => Wish::Stop,
    }
}

/// Turns a JPEG into dots.
fn decode(jpeg: &[u8]) -> Result<Picture, String> {
    let options = DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(jpeg), options);
    let colours = decoder.decode().map_err(|error| error.to_string())?;
    let (width, height) = decoder.dimensions().ok_or("it has no size")?;
    let dots = colours.chunks_exact(3).map(|dot| u32::from_be_bytes([0, dot[0], dot[1], dot[2]])).collect();
    Ok(Picture { width, height, dots })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_picture_does_not_end_the_film() {
        let mut screen = Screen::text();
        assert_eq!(screen.show(b"not a picture"), Wish::GoOn);
        assert_eq!(screen.count(), 1);
    }
}
