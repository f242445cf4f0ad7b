//! The texts of what surrounds the pages, and of the lists of projects.

use domain::project::Health;

use super::{Locale, group};

texts! { Shell;
    add_favorite "Add {} to favorites" "{} 즐겨찾기에 추가";
    remove_favorite "Remove {} from favorites" "{} 즐겨찾기에서 제거";
    health "Servers" "서버";
    no_servers "No servers" "서버 없음";
    last_used "Last used" "마지막 사용";
    home "Home" "홈";
    menu "Menu" "메뉴";
    close "Close" "닫기";
    rail_narrow "Collapse the rail" "메뉴 접기";
    rail_wide "Expand the rail" "메뉴 펼치기";
    account_menu "Account: {}" "계정: {}";
    switch_project "Switch project" "프로젝트 전환";
    choose_project "Choose a project" "프로젝트 선택";
    find_project "Find a project" "프로젝트 찾기";
    no_project_found "No project found" "찾은 프로젝트가 없습니다";
    failed "failed" "실패";
    search_open "Search…" "검색…";
    search_placeholder "Projects, servers, tools" "프로젝트, 서버, 도구";
    search_lead "Projects, servers and tools by their names. A few letters are enough." "프로젝트, 서버, 도구를 이름으로 찾습니다. 몇 글자면 됩니다.";
    search_nothing "Nothing is named like “{}”." "“{}”와(과) 비슷한 이름이 없습니다.";
    search_nothing_yet "You see no projects yet." "아직 볼 수 있는 프로젝트가 없습니다.";
    palette "Search and commands" "검색과 명령";
    palette_placeholder "Search projects, servers, tools, pages and actions" "프로젝트, 서버, 도구, 페이지, 작업 검색";
    palette_results "Results" "결과";
    palette_keys "↑ ↓ choose · Enter open · Esc close" "↑ ↓ 선택 · Enter 열기 · Esc 닫기";
    group_projects "Projects" "프로젝트";
    group_servers "Servers" "서버";
    group_tools "Tools" "도구";
    group_pages "Pages" "페이지";
    group_actions "Actions" "작업";
    action_theme "Theme: {}" "테마: {}";
    action_language "Language: {}" "언어: {}";
    keys_everywhere "Everywhere" "어디서나";
    keys_pages "Pages" "페이지";
    keys_favorite "Go to the nth favorite" "n번째 즐겨찾기로 이동";
    keys_list "These shortcuts" "단축키 목록";
    filtered_empty "No project fits the filter" "필터에 맞는 프로젝트가 없습니다";
    filtered_empty_body "Names, short names, descriptions and organizations are searched." "이름, 짧은 이름, 설명, 조직에서 찾습니다.";
}

impl Shell {
    /// The parts of a project's health that are not zero, each in words.
    #[must_use]
    pub fn health_parts(&self, health: Health) -> [Option<String>; 3] {
        let part = |n: u32, english: &str, korean: &str| {
            (n > 0).then(|| match self.locale {
                Locale::English => format!("{} {english}", group(n.into())),
                Locale::Korean => format!("{korean} {}", group(n.into())),
            })
        };
        [
            part(health.working, "working", "정상"),
            part(health.failed, "failed", "실패"),
            part(health.off, "off", "꺼짐"),
        ]
    }
}
