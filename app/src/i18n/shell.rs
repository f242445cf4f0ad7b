//! The texts of what surrounds the pages, and of the lists of projects.

use domain::project::Health;

use super::{Locale, group};

texts! { Shell;
    add_favorite "Add {} to favorites" "{} 즐겨찾기에 추가";
    remove_favorite "Remove {} from favorites" "{} 즐겨찾기에서 제거";
    health "Servers" "서버";
    no_servers "No servers" "서버 없음";
    last_used "Last used" "마지막 사용";
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
