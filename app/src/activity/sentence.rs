//! An audit event in words: a sentence, and what was before and after.

use domain::audit::AuditEvent;
use serde_json::Value;

use crate::i18n::{Locale, group};

/// What an event did, as a sentence in which `{who}` and `{what}` stand for the person and the target.
/// One that this console does not know is named as it is: an event is never left out.
#[must_use]
pub fn template(locale: Locale, action: &str) -> Option<&'static str> {
    let (english, korean) = match action {
        "project.create" => {
            ("{who} created the project {what}", "{who} 님이 프로젝트 {what}을(를) 만들었습니다")
        }
        "project.update" => {
            ("{who} changed the settings of {what}", "{who} 님이 {what}의 설정을 바꾸었습니다")
        }
        "project.access" => {
            ("{who} changed who may use {what}", "{who} 님이 {what}의 접근 방식을 바꾸었습니다")
        }
        "project.transfer" => (
            "{who} transferred {what} to another organization",
            "{who} 님이 {what}을(를) 다른 조직으로 이전했습니다",
        ),
        "project.delete" => {
            ("{who} deleted the project {what}", "{who} 님이 프로젝트 {what}을(를) 삭제했습니다")
        }
        "server.create" => ("{who} added the server {what}", "{who} 님이 서버 {what}을(를) 추가했습니다"),
        "server.copy" => ("{who} copied a server to {what}", "{who} 님이 서버를 {what}(으)로 복사했습니다"),
        "server.update" => ("{who} changed the server {what}", "{who} 님이 서버 {what}을(를) 바꾸었습니다"),
        "server.delete" => ("{who} deleted the server {what}", "{who} 님이 서버 {what}을(를) 삭제했습니다"),
        "server.enable" => ("{who} enabled the server {what}", "{who} 님이 서버 {what}을(를) 켰습니다"),
        "server.disable" => ("{who} disabled the server {what}", "{who} 님이 서버 {what}을(를) 껐습니다"),
        "server.restart" => {
            ("{who} restarted the server {what}", "{who} 님이 서버 {what}을(를) 다시 시작했습니다")
        }
        "tool.update" => (
            "{who} changed how the tool {what} is offered",
            "{who} 님이 도구 {what}의 제공 방식을 바꾸었습니다",
        ),
        "key.create" => ("{who} created the key {what}", "{who} 님이 키 {what}을(를) 만들었습니다"),
        "key.update" => ("{who} changed the key {what}", "{who} 님이 키 {what}을(를) 바꾸었습니다"),
        "key.rotate" => ("{who} replaced the key {what}", "{who} 님이 키 {what}을(를) 교체했습니다"),
        "key.playground" => ("{who} tried tools in the console", "{who} 님이 콘솔에서 도구를 실행했습니다"),
        "key.revoke" => ("{who} revoked the key {what}", "{who} 님이 키 {what}을(를) 폐기했습니다"),
        "member.add" => ("{who} added {what} as a member", "{who} 님이 {what} 님을 구성원으로 추가했습니다"),
        "member.set_role" => {
            ("{who} changed the role of {what}", "{who} 님이 {what} 님의 역할을 바꾸었습니다")
        }
        "member.remove" => ("{who} removed the member {what}", "{who} 님이 구성원 {what} 님을 제거했습니다"),
        "invitation.create" => ("{who} invited {what}", "{who} 님이 {what} 님을 초대했습니다"),
        "invitation.create_link" => {
            ("{who} made an invitation link for {what}", "{who} 님이 {what} 초대 링크를 만들었습니다")
        }
        "invitation.withdraw_link" => {
            ("{who} withdrew an invitation link for {what}", "{who} 님이 {what} 초대 링크를 취소했습니다")
        }
        "invitation.withdraw" => {
            ("{who} withdrew the invitation of {what}", "{who} 님이 {what} 님의 초대를 취소했습니다")
        }
        "invitation.accept" => ("{what} joined by an invitation", "{what} 님이 초대를 받아 참여했습니다"),
        "log.clear" => {
            ("{who} deleted log entries of {what}", "{who} 님이 {what}의 로그 기록을 삭제했습니다")
        }
        "organization.create" => {
            ("{who} created the organization {what}", "{who} 님이 조직 {what}을(를) 만들었습니다")
        }
        "organization.update" => {
            ("{who} renamed the organization {what}", "{who} 님이 조직 {what}의 이름을 바꾸었습니다")
        }
        "organization.delete" => {
            ("{who} deleted the organization {what}", "{who} 님이 조직 {what}을(를) 삭제했습니다")
        }
        "organization_member.add" => {
            ("{who} added {what} to the organization", "{who} 님이 {what} 님을 조직에 추가했습니다")
        }
        "organization_member.set_role" => (
            "{who} changed the role of {what} in the organization",
            "{who} 님이 조직에서 {what} 님의 역할을 바꾸었습니다",
        ),
        "organization_member.remove" => {
            ("{who} removed {what} from the organization", "{who} 님이 {what} 님을 조직에서 제거했습니다")
        }
        "shared_server.create" => {
            ("{who} shared the server {what}", "{who} 님이 서버 {what}을(를) 공유했습니다")
        }
        "shared_server.update" => {
            ("{who} changed the shared server {what}", "{who} 님이 공유 서버 {what}을(를) 바꾸었습니다")
        }
        "shared_server.withdraw" => {
            ("{who} withdrew the shared server {what}", "{who} 님이 공유 서버 {what}을(를) 철회했습니다")
        }
        "shared_server.restore" => {
            ("{who} shared the server {what} again", "{who} 님이 서버 {what}을(를) 다시 공유했습니다")
        }
        "shared_server.delete" => {
            ("{who} deleted the shared server {what}", "{who} 님이 공유 서버 {what}을(를) 삭제했습니다")
        }
        "command.create" => {
            ("{who} approved the command {what}", "{who} 님이 명령 {what}을(를) 승인했습니다")
        }
        "command.update" => {
            ("{who} changed the approved command {what}", "{who} 님이 승인된 명령 {what}을(를) 바꾸었습니다")
        }
        "command.withdraw" => {
            ("{who} withdrew the command {what}", "{who} 님이 명령 {what}을(를) 철회했습니다")
        }
        "command.approve" => {
            ("{who} approved the command {what} again", "{who} 님이 명령 {what}을(를) 다시 승인했습니다")
        }
        "command.delete" => {
            ("{who} deleted the approved command {what}", "{who} 님이 승인된 명령 {what}을(를) 삭제했습니다")
        }
        "job.run" => ("{who} ran the job {what}", "{who} 님이 작업 {what}을(를) 실행했습니다"),
        "user.create" => ("{who} made an account for {what}", "{who} 님이 {what} 님의 계정을 만들었습니다"),
        "user.update" => ("{who} changed the account {what}", "{who} 님이 계정 {what}을(를) 바꾸었습니다"),
        "user.disable" => {
            ("{who} disabled the account {what}", "{who} 님이 계정 {what}을(를) 비활성화했습니다")
        }
        "user.enable" => ("{who} enabled the account {what}", "{who} 님이 계정 {what}을(를) 활성화했습니다"),
        "user.set_admin" => (
            "{who} changed whether {what} is an administrator",
            "{who} 님이 {what} 님의 관리자 자격을 바꾸었습니다",
        ),
        "user.sign_in_link" => {
            ("{who} made a sign-in link for {what}", "{who} 님이 {what} 님의 로그인 링크를 만들었습니다")
        }
        "user.change_password" => ("{who} changed their password", "{who} 님이 비밀번호를 바꾸었습니다"),
        "user.set_password" => ("{who} set their first password", "{who} 님이 첫 비밀번호를 설정했습니다"),
        "user.sign_out_everywhere" => {
            ("{who} signed out everywhere", "{who} 님이 모든 곳에서 로그아웃했습니다")
        }
        "template.create" => {
            ("{who} saved the template {what}", "{who} 님이 템플릿 {what}을(를) 저장했습니다")
        }
        "template.update" => {
            ("{who} changed the template {what}", "{who} 님이 템플릿 {what}을(를) 바꾸었습니다")
        }
        "template.delete" => {
            ("{who} deleted the template {what}", "{who} 님이 템플릿 {what}을(를) 삭제했습니다")
        }
        "team.create" => ("{who} created the team {what}", "{who} 님이 팀 {what}을(를) 만들었습니다"),
        "team.update" => ("{who} renamed the team {what}", "{who} 님이 팀 {what}의 이름을 바꾸었습니다"),
        "team.delete" => ("{who} deleted the team {what}", "{who} 님이 팀 {what}을(를) 삭제했습니다"),
        "team_member.add" => ("{who} added {what} to a team", "{who} 님이 {what} 님을 팀에 추가했습니다"),
        "team_member.remove" => {
            ("{who} took {what} out of a team", "{who} 님이 {what} 님을 팀에서 제거했습니다")
        }
        "team_project.set" => (
            "{who} gave the team {what} a role in this project",
            "{who} 님이 팀 {what}에 이 프로젝트의 역할을 주었습니다",
        ),
        "team_project.remove" => (
            "{who} took the role of the team {what} in this project away",
            "{who} 님이 팀 {what}의 프로젝트 역할을 거두었습니다",
        ),
        _ => return None,
    };
    Some(match locale {
        Locale::English => english,
        Locale::Korean => korean,
    })
}

/// A piece of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Words(String),
    Who(String),
    What(String),
}

#[must_use]
pub fn sentence(locale: Locale, event: &AuditEvent) -> Vec<Piece> {
    let named = match locale {
        Locale::English => format!("{{who}} did {} to {{what}}", event.action),
        Locale::Korean => format!("{{who}} 님이 {{what}}에 {} 작업을 했습니다", event.action),
    };
    let mut rest = template(locale, &event.action).unwrap_or(&named);
    let mut pieces = Vec::new();
    while let Some(at) = rest.find('{') {
        let (words, mark) = rest.split_at(at);
        if !words.is_empty() {
            pieces.push(Piece::Words(words.to_owned()));
        }
        rest = if let Some(after) = mark.strip_prefix("{who}") {
            pieces.push(Piece::Who(event.actor_name.clone()));
            after
        } else if let Some(after) = mark.strip_prefix("{what}") {
            pieces.push(Piece::What(event.target.clone()));
            after
        } else {
            pieces.push(Piece::Words("{".to_owned()));
            &mark[1..]
        };
    }
    if !rest.is_empty() {
        pieces.push(Piece::Words(rest.to_owned()));
    }
    pieces
}

/// What a field was and is; one side is missing where only the other is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub field: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// The fields that an event tells of. A pair is before and after; what stayed the same is no change.
#[must_use]
pub fn changes(locale: Locale, event: &AuditEvent) -> Vec<Change> {
    let Some(members) = event.change.as_object() else { return Vec::new() };
    let mut changes = Vec::new();
    for (name, value) in members {
        match (name.as_str(), value) {
            // Names alone: what they hold may be secret.
            ("fields", Value::Array(names)) => {
                let names = names.iter().filter_map(Value::as_str);
                changes.extend(names.map(|name| Change {
                    field: field(locale, name),
                    before: None,
                    after: None,
                }));
            }
            (_, Value::Array(pair)) if pair.len() == 2 && is_pair(name) => {
                if pair[0] != pair[1] {
                    changes.push(Change {
                        field: field(locale, name),
                        before: Some(shown(locale, &pair[0])),
                        after: Some(shown(locale, &pair[1])),
                    });
                }
            }
            (_, Value::Null) => {}
            (_, Value::String(text)) if text.is_empty() => {}
            (_, Value::Array(items)) if items.is_empty() => {}
            _ => changes.push(Change {
                field: field(locale, name),
                before: None,
                after: Some(shown(locale, value)),
            }),
        }
    }
    changes
}

/// Arguments of a command are a list and no pair, however many there are.
fn is_pair(field: &str) -> bool {
    field != "args"
}

fn shown(locale: Locale, value: &Value) -> String {
    let pick = |english: &str, korean: &str| {
        match locale {
            Locale::English => english,
            Locale::Korean => korean,
        }
        .to_owned()
    };
    match value {
        Value::Null => pick("none", "없음"),
        Value::Bool(true) => pick("on", "켬"),
        Value::Bool(false) => pick("off", "끔"),
        Value::String(text) if text.is_empty() => pick("empty", "비어 있음"),
        Value::String(text) => match text.as_str() {
            "owner" => pick("Owner", "소유자"),
            "developer" => pick("Developer", "개발자"),
            "reporter" => pick("Reporter", "열람자"),
            "member" => pick("Member", "구성원"),
            text => text.to_owned(),
        },
        Value::Number(number) => number.as_u64().map_or_else(|| number.to_string(), group),
        Value::Array(items) => items.iter().map(|item| shown(locale, item)).collect::<Vec<_>>().join(" "),
        Value::Object(_) => value.to_string(),
    }
}

/// A field's name; an unknown one stands as it is.
#[must_use]
pub fn field(locale: Locale, name: &str) -> String {
    let (english, korean) = match name {
        "access" => ("Access", "접근"),
        "admin" => ("Administrator", "관리자"),
        "alias" => ("Prefix or name", "접두어 또는 이름"),
        "args" => ("Arguments", "인자"),
        "before" => ("Older than", "기준 시각"),
        "calls_per_minute" => ("Calls a minute", "분당 호출 수"),
        "command" => ("Command", "명령"),
        "description" => ("Description", "설명"),
        "enabled" => ("Enabled", "사용"),
        "entries" => ("Entries", "기록 수"),
        "env" => ("Environment variables", "환경 변수"),
        "expires_at" => ("Expires", "만료"),
        "headers" => ("Headers", "헤더"),
        "hidden" => ("Hidden", "숨김"),
        "log_payloads" => ("Log arguments and results", "인자와 결과 기록"),
        "log_retention_days" => ("Keep logs for (days)", "로그 보관 기간(일)"),
        "name" => ("Name", "이름"),
        "organization" => ("Organization", "조직"),
        "prefix" => ("Begins with", "시작 부분"),
        "project" => ("Project", "프로젝트"),
        "role" => ("Role", "역할"),
        "secrets" => ("Secrets", "비밀 값"),
        "shared" => ("Shared server", "공유 서버"),
        "scope" => ("Scope", "범위"),
        "servers" => ("Servers", "서버"),
        "slug" => ("Short name", "짧은 이름"),
        "successor" => ("Successor", "새 키"),
        "team" => ("Team", "팀"),
        "template" => ("Template", "템플릿"),
        "timeout_seconds" => ("Timeout (seconds)", "제한 시간(초)"),
        "transport" => ("Kind", "종류"),
        "url" => ("Address", "주소"),
        "working_directory" => ("Working directory", "작업 디렉터리"),
        other => (other, other),
    };
    match locale {
        Locale::English => english.to_owned(),
        Locale::Korean => korean.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use domain::{AuditId, Timestamp};
    use serde_json::json;

    use super::*;

    fn event(action: &str, change: Value) -> AuditEvent {
        AuditEvent {
            id: AuditId::new(1, [0; 10]),
            at: Timestamp::UNIX_EPOCH,
            actor: None,
            actor_name: "Kim".into(),
            action: action.into(),
            organization: None,
            project: None,
            target: "acme.payments".into(),
            change,
        }
    }

    fn told(locale: Locale, action: &str) -> String {
        let pieces = sentence(locale, &event(action, json!({})));
        pieces.into_iter().map(|(Piece::Words(t) | Piece::Who(t) | Piece::What(t))| t).collect()
    }

    #[test]
    fn an_event_reads_as_a_sentence_in_both_languages() {
        assert_eq!(told(Locale::English, "key.create"), "Kim created the key acme.payments");
        assert_eq!(told(Locale::Korean, "key.create"), "Kim 님이 키 acme.payments을(를) 만들었습니다");
        assert_eq!(told(Locale::English, "server.approve"), "Kim did server.approve to acme.payments");
        assert_eq!(
            told(Locale::Korean, "server.approve"),
            "Kim 님이 acme.payments에 server.approve 작업을 했습니다"
        );
    }

    #[test]
    fn what_changed_is_told_with_before_and_after_and_the_rest_is_not() {
        let change =
            json!({ "name": ["Pay", "Payments"], "slug": ["pay", "pay"], "log_payloads": [false, true] });
        let told = changes(Locale::English, &event("project.update", change));
        let told: Vec<_> =
            told.iter().map(|c| (c.field.as_str(), c.before.as_deref(), c.after.as_deref())).collect();
        assert_eq!(
            told,
            [("Name", Some("Pay"), Some("Payments")), ("Log arguments and results", Some("off"), Some("on"))],
            "in the order in which they were written"
        );
        let names = changes(Locale::English, &event("server.update", json!({ "fields": ["url", "env"] })));
        assert!(names.iter().all(|c| c.before.is_none() && c.after.is_none()), "two names are no pair");
        let made = json!({ "args": ["-y", "server"], "url": "", "command": "npx", "ip": null });
        let made = changes(Locale::English, &event("server.create", made));
        assert_eq!(made[0].after.as_deref(), Some("-y server"), "two arguments are no pair");
        assert_eq!(made.len(), 2);
    }
}
