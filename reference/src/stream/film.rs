//! Films: reading pictures out of an MP4 file.
//!
//! An MP4 file is a row of boxes. Each has its size (4 bytes), its kind (4 letters), and its content.
//! The pictures lie in one large box, `mdat`. Where each of them begins is written in another one,
//! `moov`, and [`tables`](super::tables) can read that.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use super::tables::{Frame, frames, number, number64};

/// How every JPEG begins.
const JPEG_START: [u8; 2] = [0xFF, 0xD8];

/// A film, open at its first frame.
#[derive(Debug)]
pub struct Film {
    file: File,
    /// The frames that are still to come.
    frames: std::vec::IntoIter<Frame>,
}

impl Film {
    /// Opens a film and looks up where its frames are. The frames themselves stay in the file.
    pub fn open(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let description = find_description(&mut file)?;
        let frames = frames(&description).ok_or_else(|| not_a_film("there are no pictures in it"))?;
        Ok(Self { file, frames: frames.into_iter() })
    }

    /// Reads the next frame. `None` when the film is over.
    pub fn next_frame(&mut self) -> io::Result<Option<Vec<u8>>> {
        let Some(frame) = self.frames.next() else {
            return Ok(None);
        };
        self.file.seek(SeekFrom::Start(frame.offset))?;
        // `take` instead of a buffer of the promised size: a broken file may promise a lot.
        let mut picture = Vec::new();
        self.file.by_ref().take(u64::from(frame.size)).read_to_end(&mut picture)?;
        if !picture.starts_with(&JPEG_START) {
            return Err(not_a_film("its pictures are not JPEG"));
        }
        Ok(Some(picture))
    }
}

/// The file is something else than we hoped.
fn not_a_film(reason: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("not a film in motion JPEG: {reason}"))
}

/// Finds the box `moov` and reads its content. The others are skipped: they hold all the pictures.
fn find_description(file: &mut File) -> io::Result<Vec<u8>> {
    let mut header = [0; 16];
    let mut at: u64 = 0;
    loop {
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(&mut header[..8]).map_err(|_| not_a_film("it has no description"))?;
        // Size 1 stands for a size that needs eight bytes. They follow behind the kind.
        let (size, header_size) = match number(&header) {
            Some(1) => {
                file.read_exact(&mut header[8..])?;
                (number64(&header[8..]).unwrap_or_default(), 16)
            }
            size => (size.unwrap_or_default().into(), 8),
        };
        if header[4..8] == *b"moov" {
            let mut content = Vec::new();
            file.take(size.saturating_sub(header_size)).read_to_end(&mut content)?;
            return Ok(content);
        }
        // Size 0 stands for "up to the end of the file", so nothing can follow.
        if size < header_size {
            return Err(not_a_film("it has no description"));
        }
        at = at.saturating_add(size);
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn a_file_that_is_no_film_is_told() {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        let message = Film::open(&path).unwrap_err().to_string();
        assert!(message.starts_with("not a film in motion JPEG"), "{message}");
    }

    #[test]
    fn the_film_of_the_exercise_has_thirty_different_frames() {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fixtures/stream/test.mp4");
        let mut film = Film::open(&path).unwrap();
        let mut pictures = Vec::new();
        while let Some(picture) = film.next_frame().unwrap() {
            pictures.push(picture);
        }
        assert_eq!(pictures.len(), 30);
        let bytes: usize = pictures.iter().map(Vec::len).sum();
        assert!(bytes < usize::try_from(path.metadata().unwrap().len()).unwrap());
        pictures.sort();
        pictures.dedup();
        assert_eq!(pictures.len(), 30);
    }
}
