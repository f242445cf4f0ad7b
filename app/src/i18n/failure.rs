//! Every code's sentence and next step. English is the domain's; the Korean stands here.

use domain::Code;

use super::Locale;

impl Locale {
    #[must_use]
    pub const fn sentence(self, code: Code) -> &'static str {
        match self {
            Locale::English => code.sentence(),
            Locale::Korean => korean(code).0,
        }
    }

    #[must_use]
    pub const fn next_step(self, code: Code) -> &'static str {
        match self {
            Locale::English => code.next_step(),
            Locale::Korean => korean(code).1,
        }
    }
}

/// The sentence and the next step, in the order of `Locale`.
#[must_use]
pub(crate) const fn told(code: Code) -> [(&'static str, &'static str); 2] {
    [(code.sentence(), code.next_step()), korean(code)]
}

const fn korean(code: Code) -> (&'static str, &'static str) {
    match code {
        Code::InvalidInput => ("고쳐야 할 항목이 있습니다.", "표시된 항목을 고쳐 다시 보내십시오."),
        Code::MalformedBody => ("요청 본문을 읽을 수 없습니다.", "문서에 적힌 형식으로 보내십시오."),
        Code::BodyTooLarge => {
            ("요청 본문이 너무 큽니다.", "나누어 보내거나 운영자에게 한도를 올려 달라고 하십시오.")
        }
        Code::MethodNotAllowed => {
            ("이 주소는 그 메서드에 응답하지 않습니다.", "/api/docs의 API 설명을 보십시오.")
        }
        Code::AcceptMissing => (
            "요청은 application/json과 text/event-stream을 모두 받아들여야 합니다.",
            "`Accept: application/json, text/event-stream`을 보내십시오.",
        ),
        Code::UpgradeNeeded => ("이 주소는 WebSocket만 지원합니다.", "WebSocket 클라이언트로 연결하십시오."),
        Code::TooManyFeeds => {
            ("열린 실시간 피드가 너무 많습니다.", "하나를 닫거나 나중에 다시 시도하십시오.")
        }
        Code::MailOff => ("메일 서버가 설정되지 않았습니다.", "운영자가 `mail.host`를 설정할 수 있습니다."),
        Code::MailFailed => ("메일을 보내지 못했습니다.", "`mail` 설정을 확인하십시오."),
        Code::Required => ("필수 항목입니다.", "값을 입력하십시오."),
        Code::TooLong => ("너무 깁니다.", "줄여 주십시오."),
        Code::SlugInvalid => (
            "소문자, 숫자, 하이픈 1~40자를 쓰고 처음과 끝은 문자나 숫자여야 합니다.",
            "다른 짧은 이름을 고르십시오.",
        ),
        Code::ServerNameInvalid => (
            "문자, 숫자, 하이픈, 단일 밑줄 1~40자를 쓰고 문자나 숫자로 시작해야 합니다.",
            "다른 이름을 고르십시오.",
        ),
        Code::AliasInvalid => (
            "소문자, 숫자, 하이픈, 이어지지 않은 밑줄을 20자까지 쓰며 밑줄로 끝날 수 없습니다.",
            "다른 접두어를 고르십시오.",
        ),
        Code::ToolNameInvalid => {
            ("문자, 숫자, 밑줄, 하이픈, 점을 1~64자 쓰십시오.", "다른 이름을 고르십시오.")
        }
        Code::EmailInvalid => ("이메일 주소가 아닙니다.", "주소를 확인하십시오."),
        Code::PasswordWeak => (
            "12자 이상이어야 하며 흔한 비밀번호나 이메일 주소는 쓸 수 없습니다.",
            "더 긴 비밀번호를 고르십시오.",
        ),
        Code::PasswordWrong => ("현재 비밀번호가 맞지 않습니다.", "다시 입력하십시오."),
        Code::UrlInvalid => {
            ("사용자 이름, 비밀번호, 조각이 없는 http 또는 https 주소가 아닙니다.", "주소를 확인하십시오.")
        }
        Code::CommandInvalid => (
            "프로그램 이름이나 절대 경로 하나만 쓰고 인자는 따로 적어야 합니다.",
            "인자를 인자 항목으로 옮기십시오.",
        ),
        Code::VariableNameInvalid => (
            "여기에 쓸 수 없는 이름입니다.",
            "환경 변수에는 문자, 숫자, 밑줄을, 헤더에는 일반 헤더 이름을 쓰십시오.",
        ),
        Code::VariableValueInvalid => ("값은 한 줄이어야 합니다.", "줄바꿈과 제어 문자를 지우십시오."),
        Code::VariableForbidden => {
            ("Sluice가 직접 정하거나 프로그램 로딩을 바꾸는 항목입니다.", "이 항목을 빼십시오.")
        }
        Code::ValueMissing => ("이 이름으로 저장된 값이 없어 값이 필요합니다.", "값을 입력하십시오."),
        Code::TimeoutInvalid => ("1~600초를 쓰십시오.", "이 범위의 시간을 고르십시오."),
        Code::NumberInvalid => ("허용 범위 안의 정수가 아닙니다.", "항목에 적힌 범위의 수를 고르십시오."),
        Code::ExpiryInvalid => ("만료는 미래여야 합니다.", "더 늦은 날짜를 고르거나 비워 두십시오."),
        Code::HoleUnknown => (
            "인자의 빈칸마다 설명이 하나씩 필요합니다. 이름은 소문자, 숫자, 밑줄로 적습니다.",
            "`{name}`마다 한 번씩만 설명하십시오.",
        ),
        Code::HoleInvalid => (
            "여기에 쓸 수 없는 값입니다.",
            "설명이 허용하는 값을 쓰십시오. 하이픈으로 시작하거나 폴더로 `..`를 쓸 수 없습니다.",
        ),
        Code::PatternInvalid => ("정규식이 아닙니다.", "고치십시오. 값 전체와 비교합니다."),
        Code::CommandUnknown => {
            ("그런 승인된 명령이 없습니다.", "프로젝트의 승인된 명령 목록에서 고르십시오.")
        }
        Code::CommandFixed => ("서버의 명령은 만든 뒤에 바꿀 수 없습니다.", "다른 서버를 추가하십시오."),
        Code::SharedUnknown => ("그런 공유 서버가 없습니다.", "관리자가 공유한 서버 목록에서 고르십시오."),
        Code::SharedFixed => {
            ("서버가 무엇으로 만들어졌는지는 나중에 바꿀 수 없습니다.", "다른 서버를 추가하십시오.")
        }
        Code::BuiltinUnknown => ("그런 내장 서버가 없습니다.", "목록에서 고르십시오."),
        Code::RoleInvalid => ("그런 역할이 없습니다.", "owner, developer, reporter 중에서 고르십시오."),
        Code::ImportInvalid => (
            "서버가 들어 있는 설정이 아닙니다.",
            "`mcpServers` 또는 `servers` 객체가 있는 JSON을 붙여 넣으십시오.",
        ),
        Code::DetectInvalid => (
            "주소도 명령도 아닙니다.",
            "https://로 시작하는 주소, 명령줄, `mcpServers` 객체가 있는 JSON 중 하나를 붙여 넣으십시오.",
        ),
        Code::ShellNeeded => (
            "셸이 필요한 명령줄이지만 Sluice는 셸 없이 프로그램을 실행합니다.",
            "파이프와 `&&` 없이 서버를 시작하는 명령 하나만 붙여 넣으십시오.",
        ),
        Code::OpenApiUnsupported => (
            "REST API 설명이며 MCP 서버의 주소가 아닙니다.",
            "MCP 서버의 주소를 붙여 넣으십시오. 보통 /mcp로 끝납니다.",
        ),
        Code::DocumentInvalid => ("파일을 적용할 수 없습니다.", "표시된 줄을 고쳐 다시 시도하십시오."),

        Code::SignInRequired => ("로그인하지 않았습니다.", "로그인한 뒤 다시 시도하십시오."),
        Code::CredentialsWrong => (
            "이메일 주소나 비밀번호가 맞지 않습니다.",
            "다시 시도하거나 관리자에게 새 로그인 링크를 요청하십시오.",
        ),
        Code::TokenInvalid => {
            ("액세스 토큰을 알 수 없거나 만료 또는 폐기되었습니다.", "계정 페이지에서 새 토큰을 만드십시오.")
        }
        Code::KeyRequired => (
            "이 프로젝트의 API 키가 필요합니다.",
            "`Authorization: Bearer slu_…`로 보내십시오. 키는 프로젝트의 키 페이지에서 만듭니다.",
        ),
        Code::KeyInvalid => (
            "API 키를 알 수 없거나 만료 또는 폐기되었습니다.",
            "프로젝트의 키 페이지에서 새 키를 만드십시오.",
        ),
        Code::KeyServer => (
            "이 API 키로는 이 서버를 쓸 수 없습니다.",
            "다른 키를 쓰거나 프로젝트의 키 페이지에서 이 키에 서버를 추가하십시오.",
        ),
        Code::KeyScope => (
            "이 API 키는 목록과 읽기만 할 수 있고 도구를 호출할 수 없습니다.",
            "mcp:exec 범위의 키를 쓰거나 프로젝트의 키 페이지에서 바꾸십시오.",
        ),
        Code::KeyLimit => (
            "API 키의 호출 한도를 다 썼습니다.",
            "잠시 기다리거나 프로젝트의 키 페이지에서 한도를 올리십시오.",
        ),
        Code::InvitationForAnother => {
            ("다른 이메일 주소에 보낸 초대입니다.", "해당 주소로 로그인하거나 새 초대를 요청하십시오.")
        }
        Code::LinkInvalid => ("이미 사용했거나 만료된 링크입니다.", "새 링크를 요청하십시오."),
        Code::PasswordSet => ("계정에 이미 비밀번호가 있습니다.", "현재 비밀번호로 바꾸십시오."),
        Code::SignInStale => (
            "첫 비밀번호는 로그인한 뒤 15분 안에만 설정할 수 있습니다.",
            "관리자에게 로그인 링크를 다시 받아 연 다음 돌아오십시오.",
        ),
        Code::TooManyAttempts => ("시도가 너무 많았습니다.", "잠시 뒤 다시 시도하십시오."),
        Code::SignUpClosed => ("이 설치에서는 초대로만 계정을 만듭니다.", "관리자에게 문의하십시오."),
        Code::Forbidden => ("현재 역할로는 할 수 없습니다.", "프로젝트 소유자에게 요청하십시오."),
        Code::StdioForbidden => (
            "명령은 서버 컴퓨터에서 실행되므로 플랫폼 관리자만 등록할 수 있습니다.",
            "관리자에게 요청하거나 원격 서버를 쓰십시오.",
        ),
        Code::StdioDisabled => {
            ("이 설치에서는 명령을 쓸 수 없습니다.", "운영자가 `stdio.enabled = true`로 켤 수 있습니다.")
        }
        Code::OriginForbidden => ("다른 사이트에서 온 요청입니다.", "콘솔을 자체 주소로 여십시오."),
        Code::NotFound => {
            ("볼 수 있는 것이 없습니다.", "주소를 확인하거나 프로젝트에 추가해 달라고 요청하십시오.")
        }

        Code::EmailTaken => ("이 이메일 주소의 계정이 이미 있습니다.", "로그인하거나 다른 주소를 쓰십시오."),
        Code::SlugTaken => ("이미 쓰는 짧은 이름입니다.", "다른 이름을 고르십시오."),
        Code::ServerNameTaken => ("프로젝트에 같은 이름의 서버가 있습니다.", "다른 이름을 고르십시오."),
        Code::AliasTaken => ("프로젝트의 다른 서버가 쓰는 접두어입니다.", "다른 접두어를 고르십시오."),
        Code::ToolNameTaken => {
            ("이 서버의 다른 도구가 쓰는 이름입니다.", "다른 이름을 고르거나 그 도구를 숨기십시오.")
        }
        Code::CommandNameTaken => ("같은 이름의 승인된 명령이 있습니다.", "다른 이름을 고르십시오."),
        Code::CommandUsed => {
            ("이 승인된 명령의 서버가 있습니다.", "명령을 철회하거나 서버를 먼저 삭제하십시오.")
        }
        Code::SharedNameTaken => ("같은 이름의 공유 서버가 있습니다.", "다른 이름을 고르십시오."),
        Code::SharedUsed => (
            "이 공유 서버를 쓰는 프로젝트가 있습니다.",
            "공유를 철회하거나 프로젝트에서 그 서버를 먼저 삭제하십시오.",
        ),
        Code::KeyNameTaken => ("프로젝트에 같은 이름의 키가 있습니다.", "다른 이름을 고르십시오."),
        Code::KeyWeak => {
            ("주어진 키가 생성된 키만큼 강하지 않습니다.", "`sluice key generate`로 만드십시오.")
        }
        Code::KeyServerUnknown => ("고른 서버가 이 프로젝트에 없습니다.", "목록에서 고르십시오."),
        Code::MemberExists => ("이미 구성원입니다.", "대신 역할을 바꾸십시오."),
        Code::UserUnknown => ("이 이메일 주소의 계정이 없습니다.", "먼저 가입하도록 요청하십시오."),
        Code::AdminOnly => ("플랫폼 관리자만 할 수 있습니다.", "이 설치의 관리자에게 요청하십시오."),
        Code::LastAdmin => {
            ("비활성이 아닌 관리자가 한 명 이상 있어야 합니다.", "먼저 다른 사람을 관리자로 지정하십시오.")
        }
        Code::NotInOrganization => ("조직의 구성원이 아닙니다.", "먼저 조직에 추가하십시오."),
        Code::LastOwner => (
            "프로젝트와 조직에는 소유자가 한 명 이상 있어야 합니다.",
            "먼저 다른 사람을 소유자로 지정하십시오.",
        ),
        Code::TransferSame => ("이미 이 조직의 프로젝트입니다.", "다른 조직을 고르십시오."),
        Code::TransferSlugTaken => {
            ("조직에 짧은 이름이 같은 프로젝트가 있습니다.", "먼저 둘 중 하나의 짧은 이름을 바꾸십시오.")
        }
        Code::TemplateNameTaken => ("조직에 같은 이름의 템플릿이 있습니다.", "다른 이름을 고르십시오."),
        Code::TemplateLimit => {
            ("조직에 둘 수 있는 템플릿 수를 채웠습니다.", "필요 없는 템플릿을 삭제하십시오.")
        }
        Code::TemplateTooLarge => {
            ("프로젝트가 커서 템플릿으로 저장할 수 없습니다.", "서버나 도구 규칙을 줄이십시오.")
        }
        Code::OrganizationNotEmpty => ("조직에 프로젝트가 남아 있습니다.", "먼저 삭제하거나 옮기십시오."),
        Code::ConfirmationWrong => ("입력한 이름이 다릅니다.", "보이는 그대로 입력하십시오."),
        Code::Setup => ("이 설치는 이미 설정되었습니다.", "로그인하십시오."),

        Code::ServerDisabled => {
            ("서버가 비활성 상태입니다.", "소유자나 개발자가 서버 페이지에서 켤 수 있습니다.")
        }
        Code::CommandWithdrawn => (
            "관리자가 이 서버의 승인된 명령을 철회했습니다.",
            "이 설치의 관리자에게 문의하거나 다른 명령으로 서버를 추가하십시오.",
        ),
        Code::CommandUnfit => (
            "이 서버에 채운 값이 승인된 명령에 더 이상 맞지 않습니다.",
            "서버 설정 페이지에서 값을 다시 채우십시오.",
        ),
        Code::SharedWithdrawn => (
            "관리자가 이 서버의 공유를 철회했습니다.",
            "이 설치의 관리자에게 문의하거나 직접 서버를 추가하십시오.",
        ),
        Code::SpawnFailed => (
            "명령을 시작하지 못했습니다.",
            "서버 컴퓨터에 프로그램이 있는지, 작업 디렉터리가 맞는지 확인하십시오.",
        ),
        Code::ProcessExited => (
            "서버 프로세스가 끝났습니다.",
            "서버 페이지에서 마지막 오류 출력을 읽으십시오. 다음 호출 때 다시 시작합니다.",
        ),
        Code::CrashLoop => (
            "서버 프로세스가 시작 직후 계속 끝납니다.",
            "마지막 오류 출력을 읽고 설정을 고친 뒤 다시 시작하십시오.",
        ),
        Code::MemoryExceeded => (
            "서버 프로세스가 허용된 것보다 많은 메모리를 써서 종료되었습니다.",
            "설정 페이지에서 한도를 올리거나 메모리가 늘어나는 까닭을 찾으십시오. 다음 호출 때 다시 시작됩니다.",
        ),
        Code::UpstreamDown => (
            "서버가 연달아 실패하여 지금은 호출하지 않습니다.",
            "서버 페이지에서 까닭을 볼 수 있습니다. 백그라운드에서 다시 시도하며 응답하는 즉시 사용합니다.",
        ),
        Code::ConnectFailed => ("서버에 연결하지 못했습니다.", "주소와 서버 실행 여부를 확인하십시오."),
        Code::AddressForbidden => (
            "Sluice가 접근할 수 없는 사설 또는 로컬 네트워크의 주소입니다.",
            "운영자가 `outbound.allow`에 네트워크를 추가할 수 있습니다.",
        ),
        Code::TlsFailed => ("서버와 보안 연결을 맺지 못했습니다.", "서버의 인증서를 확인하십시오."),
        Code::HttpStatus => {
            ("서버가 예상 밖의 HTTP 상태로 응답했습니다.", "주소와 전송 방식을 확인하십시오.")
        }
        Code::UpstreamUnauthorized => {
            ("서버가 인증 정보를 거부했습니다.", "설정 페이지에서 서버의 헤더를 확인하십시오.")
        }
        Code::WrongTransport => (
            "주소는 응답하지만 선택한 전송 방식이 아닙니다.",
            "다른 전송 방식(SSE 또는 streamable HTTP)을 시도하십시오.",
        ),
        Code::ProtocolViolation => (
            "서버의 응답이 올바른 MCP가 아닙니다.",
            "서버를 업데이트하십시오. 자세한 내용은 로그에 있습니다.",
        ),
        Code::UpstreamTimeout => (
            "서버가 제시간에 응답하지 않았습니다.",
            "다시 시도하거나 설정 페이지에서 제한 시간을 늘리십시오.",
        ),
        Code::InitializeTimeout => (
            "서버가 시작했지만 제시간에 연결 절차를 마치지 못했습니다.",
            "첫 시작은 패키지를 받느라 오래 걸릴 수 있습니다. 다시 시도하거나 제한 시간을 늘리십시오.",
        ),
        Code::ConnectionLost => (
            "응답 전에 서버와의 연결이 끊겨 호출의 적용 여부를 알 수 없습니다.",
            "무언가를 바꾸는 호출이라면 다시 하기 전에 확인하십시오.",
        ),
        Code::TooLargeMessage => ("서버의 메시지가 크기 한도를 넘었습니다.", "한 번에 더 적게 요청하십시오."),
        Code::ClientCannot => {
            ("서버가 클라이언트에 할 수 없는 일을 요청했습니다.", "이 기능이 있는 클라이언트를 쓰십시오.")
        }
        Code::SessionUnknown => ("알 수 없거나 만료된 세션입니다.", "`initialize`로 새 세션을 시작하십시오."),
        Code::UpstreamBusy => ("이 서버를 기다리는 호출이 너무 많습니다.", "잠시 뒤 다시 시도하십시오."),

        Code::Unavailable => ("지금은 Sluice가 응답할 수 없습니다.", "잠시 뒤 다시 시도하십시오."),
        Code::SecretUnreadable => (
            "저장된 비밀 값을 현재 마스터 키로 읽을 수 없습니다.",
            "운영자가 마스터 키를 복원하거나 비밀 값을 다시 입력해야 합니다.",
        ),
        Code::Internal => (
            "Sluice 내부에서 문제가 생겼습니다.",
            "다시 시도하십시오. 반복되면 운영자에게 요청 ID를 알려 주십시오.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_korean_sentences() {
        for code in Code::ALL {
            let (sentence, next) = korean(*code);
            for text in [sentence, next] {
                assert!(text.ends_with('.'), "{}", code.name());
                assert!(text.chars().any(|c| ('가'..='힣').contains(&c)), "{}", code.name());
            }
        }
    }
}
