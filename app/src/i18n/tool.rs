//! Texts of the tools of a project.

use super::{Locale, group};

texts! { Tools;
    lead "What clients see on the project's one address, and how." "프로젝트 공용 주소에서 클라이언트가 보는 도구입니다.";
    empty "No tools known yet" "알려진 도구가 없습니다";
    empty_body "Add a server and start it: its tools appear here, and can be renamed, described and hidden." "서버를 추가하고 시작하면 도구가 나타납니다. 이름과 설명을 바꾸거나 숨길 수 있습니다.";
    add_server "Add server" "서버 추가";
    every_server "All servers" "모든 서버";
    server_off "server is off" "꺼진 서버";
    origin "Server {}" "서버 {}";
    changed "changed" "변경됨";
    tools_changed "tools changed" "도구 변경됨";
    history "History" "변경 이력";
    tokens_hint "Estimate: name, description and input schema, 4 bytes a token" "추정치: 이름, 설명, 입력 스키마, 토큰당 4바이트";
}

impl Tools {
    /// About how much of a model's context definitions take.
    #[must_use]
    pub fn tokens(&self, n: u64) -> String {
        let n = group(n);
        match self.locale {
            Locale::English => format!("≈ {n} tokens"),
            Locale::Korean => format!("약 {n} 토큰"),
        }
    }
}
