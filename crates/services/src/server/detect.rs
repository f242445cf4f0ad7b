//! A server from what somebody pasted: read, named, and asked if it is at an address.

use domain::{
    Action, Code, Result,
    detect::{self, Detected, DetectedServer, Detection, Note},
    server::{ServerInput, TestReport},
};

use super::Servers;
use crate::Caller;

impl Servers<'_> {
    /// What `text` describes, under a name that is free in the project. What is at an address is asked
    /// what it speaks, as in a test; a command is not started. Nothing is saved.
    pub async fn detect(&self, caller: &Caller, project: &str, text: &str) -> Result<Detection> {
        self.0.projects().authorize(caller, project, Action::ManageServers).await?;
        let mut server = match detect::detect(text)? {
            Detected::Import(json) => return Ok(Detection { import: Some(json), ..Detection::default() }),
            Detected::Server(server) => *server,
        };
        let report = self.ask(caller, project, &mut server).await?;
        let existing = self.list(caller, project).await?;
        let taken = |name: &str| existing.iter().any(|other| other.name.eq_ignore_ascii_case(name));
        server.input.name = detect::free_name(&server.input.name, taken);
        Ok(Detection { server: Some(server), report, import: None })
    }

    /// Tries the address, then where else the server may be; settles on what answers.
    async fn ask(
        &self,
        caller: &Caller,
        project: &str,
        server: &mut DetectedServer,
    ) -> Result<Option<TestReport>> {
        if !server.input.transport.is_remote() || !server.is_complete() {
            return Ok(None);
        }
        let mut first = None;
        for input in std::iter::once(server.input.clone()).chain(server.guesses()) {
            let report = self.test(caller, project, None, input.clone()).await?;
            match &report {
                TestReport::Success(success) => {
                    let transport = success.info.transport.unwrap_or(input.transport);
                    settle(server, ServerInput { transport, ..input });
                    return Ok(Some(report));
                }
                // Somebody is there and asks who comes.
                TestReport::Failure(failure) if failure.code == Code::UpstreamUnauthorized => {
                    settle(server, input);
                    return Ok(Some(report));
                }
                TestReport::Failure(failure) => {
                    let elsewhere = matches!(
                        failure.code,
                        Code::WrongTransport | Code::HttpStatus | Code::ProtocolViolation
                    );
                    first.get_or_insert(report.clone());
                    if !elsewhere {
                        break;
                    }
                }
            }
        }
        Ok(first)
    }
}

fn settle(server: &mut DetectedServer, found: ServerInput) {
    let moved = found.url != server.input.url || found.transport != server.input.transport;
    if moved {
        server.notes.push(Note::Found(vec![found.url.clone(), found.transport.name().to_owned()]));
    }
    server.input = found;
}
