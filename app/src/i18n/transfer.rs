//! Texts of giving a project to another organization.

use super::{Locale, group};

texts! { TransferWords;
    title "Transfer project" "프로젝트 이전";
    lead "Gives the project to another organization in which you may create projects." "프로젝트를 만들 수 있는 다른 조직으로 옮깁니다.";
    open "Transfer project…" "프로젝트 이전…";
    nowhere "There is no other organization" "옮길 조직이 없습니다";
    nowhere_body "You may create projects in no organization but this one. Create another, or ask its owner." "이 조직 외에 프로젝트를 만들 수 있는 조직이 없습니다. 조직을 만들거나 소유자에게 요청하십시오.";
    to "New organization" "새 조직";
    preview "Preview" "미리 보기";
    changes "What changes" "바뀌는 내용";
    stays "What stays" "그대로인 내용";
    address_ends "Addresses with {} stop working: clients that use them are told that there is no such project (404)." "{}이(가) 들어간 주소는 동작하지 않습니다. 그 주소를 쓰는 클라이언트는 프로젝트가 없다는 응답(404)을 받습니다.";
    address_new "They are replaced by addresses with {}." "{}이(가) 들어간 주소로 바뀝니다.";
    address_id "Addresses with the project's id work before and after, and their sessions are not cut: {}" "프로젝트 ID가 들어간 주소는 이전 전후에 모두 동작하며 세션도 끊기지 않습니다. {}";
    teams_end "Roles that come from teams end: {}." "팀에서 온 역할이 끝납니다. {}";
    lose "They lose access: {}." "접근 권한을 잃는 사람: {}";
    lose_hint "Open invitations that they made are withdrawn." "이 사람들이 만든 초대는 취소됩니다.";
    gain "As owners of {} they become its owners: " "{} 조직의 소유자로서 프로젝트 소유자가 되는 사람: ";
    along "Servers with their secrets, tool rules, logs and settings go along." "서버와 비밀 값, 도구 규칙, 로그, 설정은 함께 옮겨집니다.";
    now "Transfer to {}" "{} 조직으로 이전";
}

impl TransferWords {
    #[must_use]
    pub fn members(&self, n: u32) -> String {
        let n = group(u64::from(n));
        match self.locale {
            Locale::English if n == "1" => "1 member keeps the role that they hold themselves.".to_owned(),
            Locale::English => format!("{n} members keep the roles that they hold themselves."),
            Locale::Korean => format!("구성원 {n}명은 본인의 역할을 그대로 가집니다."),
        }
    }

    #[must_use]
    pub fn keys(&self, n: u32) -> String {
        let n = group(u64::from(n));
        match self.locale {
            Locale::English if n == "1" => "1 key goes on working.".to_owned(),
            Locale::English => format!("{n} keys go on working."),
            Locale::Korean => format!("키 {n}개는 계속 동작합니다."),
        }
    }

    #[must_use]
    pub fn invitations(&self, n: u32) -> String {
        let n = group(u64::from(n));
        match self.locale {
            Locale::English if n == "1" => "1 invitation stays open.".to_owned(),
            Locale::English => format!("{n} invitations stay open."),
            Locale::Korean => format!("초대 {n}건은 열려 있습니다."),
        }
    }

    /// Some people by name; of many the first.
    #[must_use]
    pub fn people(&self, names: &[String]) -> String {
        const SHOWN: usize = 8;
        let shown = names.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
        match (names.len().saturating_sub(SHOWN), self.locale) {
            (0, _) => shown,
            (more, Locale::English) => format!("{shown} and {more} more"),
            (more, Locale::Korean) => format!("{shown} 외 {more}명"),
        }
    }
}
