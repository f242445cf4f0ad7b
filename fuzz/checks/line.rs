//! The line codec: the same lines wherever chunks end, and no call answered that a long line did not answer.

use wire::line::{Decoder, Line};
use wire::{Frame, Message, parse};

pub(crate) fn check(input: &[u8]) {
    let (stream, _) = super::chunks(input);
    for limit in [stream.len(), stream.len() / 3] {
        let mut decoder = Decoder::new(limit);
        let found: Vec<_> = super::chunks(input).1.flat_map(|chunk| decoder.push(chunk)).collect();
        let whole = Decoder::new(limit).push(stream);
        assert_eq!(found.iter().map(shape).collect::<Vec<_>>(), whole.iter().map(shape).collect::<Vec<_>>());
        told(stream, limit, &found);
    }
}

/// Every long line is told of, with the id of the call that it answers or none.
fn told(stream: &[u8], limit: usize, found: &[Line]) {
    let mut complete: Vec<_> = stream.split(|byte| *byte == b'\n').collect();
    // What stands behind the last line feed is still to be continued.
    complete.pop();
    let mut long = complete.iter().filter(|line| line.len() > limit);
    for line in found {
        let Line::TooLong { id, bytes } = line else { continue };
        let line = long.next().expect("only long lines are too long");
        assert_eq!(*bytes, line.len());
        let (Some(id), Ok(Frame::Single(message))) = (id, parse(line)) else { continue };
        match message {
            Message::Response { id: own, .. } => assert_eq!(*id, own),
            // Its id is of the peer, or of nobody.
            other => panic!("{} is no answer", other.to_json()),
        }
    }
    assert_eq!(long.next(), None, "a long line is missing");
}

fn shape(line: &Line) -> String {
    match line {
        Line::Message(message) => message.to_json(),
        Line::Noise(text) => format!("noise {text}"),
        Line::TooLong { id, bytes } => format!("too long {id:?} {bytes}"),
    }
}
