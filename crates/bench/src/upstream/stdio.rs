//! The upstream over standard input and output: a message a line.

use std::io::{BufRead, BufReader, BufWriter, Write, stdin, stdout};

use anyhow::Result;

use super::{Era, Reply, answer};

const BUFFER: usize = 256 * 1024;

pub(super) fn serve(era: Era) -> Result<()> {
    let mut input = BufReader::with_capacity(BUFFER, stdin().lock());
    let mut output = BufWriter::with_capacity(BUFFER, stdout().lock());
    let mut line = Vec::new();
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        if let Reply::Answer(bytes) | Reply::Opened(bytes) | Reply::Listening(bytes) | Reply::Unknown(bytes) =
            answer(era, &line)
        {
            output.write_all(&bytes)?;
            output.write_all(b"\n")?;
        }
        // Several answers in one write, if several questions came in one read.
        if input.buffer().is_empty() {
            output.flush()?;
        }
    }
}
