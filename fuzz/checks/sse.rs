//! The SSE decoder: the same events wherever chunks end, and those of the standard.

use wire::sse::{Decoder, Event, encode};

pub(crate) fn check(input: &[u8]) {
    let (stream, chunks) = super::chunks(input);
    // A byte that is no text becomes a character of three.
    let limit = stream.len() * 3 + 1;
    let mut decoder = Decoder::new(limit);
    let found: Vec<_> = chunks.flat_map(|chunk| decoder.push(chunk).expect("below the limit")).collect();
    assert_eq!(Decoder::new(limit).push(stream).as_ref(), Ok(&found));
    assert_eq!(found, plain(stream));

    let limit = stream.len() / 4;
    let mut decoder = Decoder::new(limit);
    for chunk in super::chunks(input).1 {
        let Ok(events) = decoder.push(chunk) else { break };
        assert!(events.iter().all(|event| event.data.len() <= limit), "over the limit");
    }

    for event in found {
        let name = event.event.filter(|name| !name.is_empty()).unwrap_or_else(|| "message".to_owned());
        let data = event.data.replace('\n', " ");
        let written = encode(&name, &data);
        let read = Decoder::new(written.len()).push(&written).expect("below the limit");
        assert_eq!(read, [Event { event: Some(name), data, ..Event::default() }]);
    }
}

/// The standard's words (WHATWG HTML §9.2.6) over the whole stream, without a thought for speed. An id is that of
/// its own event here, and `retry` belongs to the event it stands in.
fn plain(stream: &[u8]) -> Vec<Event> {
    let text = String::from_utf8_lossy(stream);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    // A carriage return at the very end may be half of a line end.
    let text = text.strip_suffix('\r').map_or_else(|| text.to_owned(), |text| format!("{text}\u{0}"));
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let (mut events, mut event, mut data) = (Vec::new(), Event::default(), Vec::new());
    let Some((complete, _)) = text.rsplit_once('\n') else { return events };
    for line in complete.split('\n') {
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value).to_owned();
        match field {
            _ if line.is_empty() => {
                if !data.is_empty() {
                    events.push(Event { data: data.join("\n"), ..event });
                }
                (event, data) = (Event::default(), Vec::new());
            }
            "event" => event.event = Some(value),
            "data" => data.push(value),
            "id" if !value.contains('\0') => event.id = Some(value),
            "retry" if value.bytes().all(|byte| byte.is_ascii_digit()) => {
                event.retry = value.parse().ok().or(event.retry);
            }
            _ => {}
        }
    }
    events
}
