//! The events of a stream (WHATWG HTML §9.2), as far as MCP sends them: their data. Bytes come in pieces that
//! end anywhere, within a character too.

#[derive(Debug, Default)]
pub struct Events {
    /// Of a line that has not ended.
    rest: Vec<u8>,
    data: String,
    /// Whether a line break of two characters was cut in two.
    after_return: bool,
}

impl Events {
    /// Takes a piece, and gives the data of the events that end in it.
    pub fn push(&mut self, piece: &[u8]) -> Vec<String> {
        let mut done = Vec::new();
        for byte in piece {
            let second = self.after_return && *byte == b'\n';
            self.after_return = *byte == b'\r';
            match byte {
                _ if second => {}
                b'\n' | b'\r' => {
                    let line = std::mem::take(&mut self.rest);
                    done.extend(self.line(&String::from_utf8_lossy(&line)));
                }
                byte => self.rest.push(*byte),
            }
        }
        done
    }

    fn line(&mut self, line: &str) -> Option<String> {
        if line.is_empty() {
            let data = std::mem::take(&mut self.data);
            return (!data.is_empty()).then(|| data.trim_end_matches('\n').to_owned());
        }
        if let Some(data) = line.strip_prefix("data:") {
            self.data.push_str(data.strip_prefix(' ').unwrap_or(data));
            self.data.push('\n');
        }
        None
    }
}
