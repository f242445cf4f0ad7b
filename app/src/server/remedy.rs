//! What to do about a failure of a server: for each code the steps in the order to try them, and where
//! each is done. The sentences are in `i18n::Remedy`.

use domain::{
    Code,
    server::{Cause, Transport},
};

/// One thing to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    ReadOutput,
    Program,
    Arguments,
    Directory,
    Variables,
    Headers,
    Address,
    Running,
    Certificate,
    Transport,
    Timeout,
    Initialize,
    Memory,
    Update,
    Builtin,
    Sharing,
    Network,
    Commands,
    MasterKey,
    Retype,
    Repeat,
    Less,
    Client,
    Wait,
    Enable,
    Log,
    Restart,
    Operator,
    Approval,
    Values,
    Shared,
}

/// Where a step is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// A field of the server's form.
    Field(&'static str),
    /// The last lines of the process, below.
    Output,
    /// The project's log, narrowed to the server.
    Log,
    Restart,
    Enable,
    /// Elsewhere: the step is a sentence only.
    Outside,
}

impl Step {
    pub const ALL: [Step; 31] = [
        Step::ReadOutput,
        Step::Program,
        Step::Arguments,
        Step::Directory,
        Step::Variables,
        Step::Headers,
        Step::Address,
        Step::Running,
        Step::Certificate,
        Step::Transport,
        Step::Timeout,
        Step::Initialize,
        Step::Memory,
        Step::Update,
        Step::Builtin,
        Step::Sharing,
        Step::Network,
        Step::Commands,
        Step::MasterKey,
        Step::Retype,
        Step::Repeat,
        Step::Less,
        Step::Client,
        Step::Wait,
        Step::Enable,
        Step::Log,
        Step::Restart,
        Step::Operator,
        Step::Approval,
        Step::Values,
        Step::Shared,
    ];

    #[must_use]
    pub const fn door(self) -> Door {
        match self {
            Step::ReadOutput => Door::Output,
            Step::Program | Step::Update => Door::Field("command"),
            Step::Arguments => Door::Field("args"),
            Step::Directory => Door::Field("working_directory"),
            Step::Variables => Door::Field("env"),
            Step::Headers => Door::Field("headers"),
            Step::Address => Door::Field("url"),
            Step::Transport | Step::Retype => Door::Field("transport"),
            Step::Timeout => Door::Field("timeout_seconds"),
            Step::Initialize => Door::Field("initialize_seconds"),
            Step::Memory => Door::Field("memory_mb"),
            Step::Builtin => Door::Field("builtin"),
            Step::Values => Door::Field("name"),
            Step::Sharing => Door::Field("sharing"),
            Step::Enable => Door::Enable,
            Step::Log => Door::Log,
            Step::Restart => Door::Restart,
            Step::Running
            | Step::Certificate
            | Step::Network
            | Step::Commands
            | Step::MasterKey
            | Step::Repeat
            | Step::Less
            | Step::Client
            | Step::Wait
            | Step::Operator
            | Step::Approval
            | Step::Shared => Door::Outside,
        }
    }
}

/// The steps for a code. A server can be in any failure of an upstream and in few others; what is left
/// has its next step in the table of codes.
#[must_use]
pub const fn steps(code: Code) -> &'static [Step] {
    match code {
        Code::ServerDisabled => &[Step::Enable],
        Code::CommandWithdrawn => &[Step::Approval],
        Code::SharedWithdrawn => &[Step::Shared],
        Code::CommandUnfit => &[Step::Values, Step::Restart],
        Code::SpawnFailed => &[Step::Program, Step::Directory, Step::Restart],
        Code::ProcessExited | Code::CrashLoop => {
            &[Step::ReadOutput, Step::Variables, Step::Arguments, Step::Restart]
        }
        Code::MemoryExceeded => &[Step::Memory, Step::Sharing, Step::Log],
        Code::UpstreamDown => &[Step::Log, Step::Running, Step::Restart],
        Code::ConnectFailed => &[Step::Address, Step::Running, Step::Restart],
        Code::AddressForbidden => &[Step::Address, Step::Network, Step::Restart],
        Code::TlsFailed => &[Step::Address, Step::Certificate, Step::Restart],
        Code::HttpStatus => &[Step::Address, Step::Transport, Step::Log],
        Code::UpstreamUnauthorized => &[Step::Headers, Step::Restart],
        Code::WrongTransport => &[Step::Transport, Step::Address],
        Code::ProtocolViolation => &[Step::Log, Step::Update, Step::Restart],
        Code::UpstreamTimeout => &[Step::Running, Step::Timeout, Step::Restart],
        Code::InitializeTimeout => &[Step::ReadOutput, Step::Initialize, Step::Restart],
        Code::ConnectionLost => &[Step::Wait, Step::Repeat, Step::Log],
        Code::TooLargeMessage => &[Step::Less, Step::Log],
        Code::ClientCannot => &[Step::Client, Step::Log],
        Code::UpstreamBusy => &[Step::Wait, Step::Sharing, Step::Timeout],
        Code::SessionUnknown => &[Step::Restart, Step::Log],
        Code::StdioDisabled => &[Step::Commands, Step::Transport],
        Code::SecretUnreadable => &[Step::MasterKey, Step::Retype],
        Code::BuiltinUnknown => &[Step::Builtin],
        Code::UrlInvalid => &[Step::Address],
        Code::CommandInvalid => &[Step::Program, Step::Arguments],
        Code::VariableNameInvalid | Code::VariableValueInvalid | Code::VariableForbidden => {
            &[Step::Variables, Step::Headers]
        }
        Code::Unavailable | Code::Internal => &[Step::Wait, Step::Restart, Step::Operator],
        _ => &[],
    }
}

/// What the output of the process suggests to do first.
const fn of_cause(cause: &Cause) -> Step {
    match cause {
        Cause::Variable(_) | Cause::Credentials => Step::Variables,
        Cause::Package | Cause::Arguments | Cause::Module | Cause::File => Step::Arguments,
        Cause::Permission => Step::Directory,
        Cause::Port | Cause::Runtime | Cause::Docker => Step::Program,
        Cause::Network => Step::Running,
        Cause::Memory => Step::Memory,
    }
}

/// Whether there is such a step for this kind of server.
fn fits(step: Step, transport: Transport) -> bool {
    match step.door() {
        Door::Output
        | Door::Field("command" | "args" | "working_directory" | "env" | "memory_mb" | "sharing") => {
            transport == Transport::Stdio
        }
        Door::Field("url" | "headers") => transport.is_remote(),
        Door::Field("builtin") => transport == Transport::Builtin,
        _ => true,
    }
}

/// What lies behind a failure. A server that is given up for now carries the sentence of what it failed
/// of before its own particulars.
#[must_use]
pub fn root(code: Code, detail: Option<String>) -> (Code, Option<String>) {
    let Some(said) = detail.as_deref().filter(|_| code == Code::UpstreamDown) else { return (code, detail) };
    let behind = Code::ALL
        .iter()
        .find_map(|behind| Some((*behind, said.strip_prefix(behind.sentence())?.trim().to_owned())));
    match behind {
        Some((behind, rest)) => (behind, Some(rest).filter(|rest| !rest.is_empty())),
        None => (code, detail),
    }
}

/// The steps for a failure, with that first which the output of the process suggests.
#[must_use]
pub fn plan(code: Code, cause: Option<&Cause>, transport: Transport) -> Vec<Step> {
    let first = cause.map(of_cause);
    let rest = steps(code).iter().copied().filter(|step| Some(*step) != first);
    first.into_iter().chain(rest).filter(|step| fits(*step, transport)).collect()
}

/// The same for a server whose settings are the administrators': what would be done there is for them.
#[must_use]
pub fn of_shared(steps: Vec<Step>) -> Vec<Step> {
    let theirs = |step: &Step| matches!(step.door(), Door::Field(_));
    let first = steps.iter().any(theirs).then_some(Step::Shared);
    first.into_iter().chain(steps.into_iter().filter(|step| !theirs(step))).collect()
}

#[cfg(test)]
mod tests {
    use domain::Kind;

    use super::*;
    use crate::i18n::{Locale, Remedy};

    /// Codes besides those of upstreams that the data plane puts on a server.
    const OTHERS: [Code; 7] = [
        Code::SecretUnreadable,
        Code::StdioDisabled,
        Code::BuiltinUnknown,
        Code::UrlInvalid,
        Code::VariableNameInvalid,
        Code::VariableValueInvalid,
        Code::UpstreamBusy,
    ];

    #[test]
    fn every_failure_of_a_server_has_a_reason_and_steps_in_both_languages() {
        for code in Code::ALL.iter().copied() {
            let of_server = matches!(code.kind(), Kind::Upstream | Kind::UpstreamTimeout | Kind::Internal);
            // The mail server is none of theirs.
            if (!of_server && !OTHERS.contains(&code)) || code == Code::MailFailed {
                continue;
            }
            assert!(!steps(code).is_empty(), "{}: what to do?", code.name());
            for locale in Locale::ALL {
                let why = Remedy::of(locale).why(code);
                assert!(why.ends_with('.'), "{}: why, in {}?", code.name(), locale.name());
                assert_ne!(why, locale.sentence(code), "{}: why is not what", code.name());
            }
            assert_ne!(Remedy::of(Locale::English).why(code), Remedy::of(Locale::Korean).why(code));
        }
    }

    #[test]
    fn every_step_is_a_sentence_and_every_door_has_a_name() {
        for step in Step::ALL {
            for locale in Locale::ALL {
                let (sentence, label) = Remedy::of(locale).step(step);
                assert!(sentence.ends_with('.'), "{step:?}: {sentence}");
                assert_eq!(label.is_empty(), step.door() == Door::Outside, "{step:?}");
                let korean = sentence.chars().any(|c| ('가'..='힣').contains(&c));
                assert_eq!(korean, locale == Locale::Korean, "{step:?}");
            }
        }
    }

    #[test]
    fn what_a_server_was_given_up_for_is_what_has_to_be_mended() {
        let said = format!("{} Connection refused.", Code::ConnectFailed.sentence());
        let found = root(Code::UpstreamDown, Some(said));
        assert_eq!(found, (Code::ConnectFailed, Some("Connection refused.".to_owned())));
        assert_eq!(root(Code::UpstreamDown, Some("So.".into())), (Code::UpstreamDown, Some("So.".into())));
        assert_eq!(root(Code::HttpStatus, None), (Code::HttpStatus, None));
    }

    #[test]
    fn what_only_administrators_can_change_is_told_to_them() {
        let steps = of_shared(plan(Code::UpstreamUnauthorized, None, Transport::Sse));
        assert_eq!(steps, [Step::Shared, Step::Restart]);
        assert_eq!(of_shared(vec![Step::Wait, Step::Log]), [Step::Wait, Step::Log]);
    }

    #[test]
    fn no_step_is_unused_and_none_stands_twice() {
        let planned: Vec<Step> = Code::ALL.iter().flat_map(|code| steps(*code)).copied().collect();
        for step in Step::ALL {
            assert!(planned.contains(&step), "{step:?} leads nowhere");
        }
    }

    #[test]
    fn a_plan_has_what_the_kind_of_server_has_and_the_likeliest_first() {
        let plan = plan(Code::CrashLoop, Some(&Cause::Variable(None)), Transport::Stdio);
        assert_eq!(plan, [Step::Variables, Step::ReadOutput, Step::Arguments, Step::Restart]);
        for code in Code::ALL.iter().copied().filter(|code| code.kind() == Kind::UpstreamTimeout) {
            for transport in Transport::ALL {
                assert!(!super::plan(code, None, transport).is_empty(), "{} of {transport}", code.name());
            }
        }
        let remote = super::plan(Code::UpstreamBusy, None, Transport::Sse);
        assert_eq!(remote, [Step::Wait, Step::Timeout], "a remote server has no process to share");
    }
}
