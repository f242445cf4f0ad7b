//! Texts of the list of servers and of what is done with many of them.

use domain::server::BulkAction;

use super::{Locale, text};

texts! { Servers;
    view "View" "보기";
    view_table "Table" "표";
    view_cards "Cards" "카드";
    sorted "Sorted by" "정렬";
    last_seen "Last seen" "마지막 확인";
    select_all "Select all" "모두 선택";
    select "Select {}" "{} 선택";
    selected "{} selected" "{}개 선택";
    with_selected "With the selected servers" "선택한 서버";
    delete_lead "Their stored values and the rules for their tools go with them, and clients that use them stop working at once. This cannot be undone." "저장된 값과 도구 규칙도 함께 삭제되고 사용하는 클라이언트는 즉시 동작을 멈춥니다. 되돌릴 수 없습니다.";
    gone "Not in this project any more: {}" "이제 이 프로젝트에 없는 서버: {}";
    dismiss "Dismiss" "닫기";
    nothing_done "Nothing was done." "처리한 서버가 없습니다.";
}

impl Servers {
    /// What was done with how many.
    #[must_use]
    pub fn done(&self, action: BulkAction, n: u64) -> String {
        if n == 0 {
            return self.nothing_done.to_owned();
        }
        let servers = text().servers_count(n);
        match (self.locale, action) {
            (Locale::English, BulkAction::Enable) => format!("Enabled {servers}."),
            (Locale::English, BulkAction::Disable) => format!("Disabled {servers}."),
            (Locale::English, BulkAction::Restart) => format!("Restarted {servers}."),
            (Locale::English, BulkAction::Delete) => format!("Deleted {servers}."),
            (Locale::Korean, BulkAction::Enable) => format!("{servers}를 켰습니다."),
            (Locale::Korean, BulkAction::Disable) => format!("{servers}를 껐습니다."),
            (Locale::Korean, BulkAction::Restart) => format!("{servers}를 다시 시작했습니다."),
            (Locale::Korean, BulkAction::Delete) => format!("{servers}를 삭제했습니다."),
        }
    }

    /// What was not done with how many.
    #[must_use]
    pub fn failed(&self, n: u64) -> String {
        let servers = text().servers_count(n);
        match self.locale {
            Locale::English => format!("Not done for {servers}:"),
            Locale::Korean => format!("{servers}는 처리하지 못했습니다."),
        }
    }

    /// Values of variables and headers that a server keeps.
    #[must_use]
    pub fn values_count(&self, n: u64) -> String {
        match (self.locale, n) {
            (Locale::English, 1) => "1 stored value".to_owned(),
            (Locale::English, n) => format!("{n} stored values"),
            (Locale::Korean, n) => format!("저장된 값 {n}개"),
        }
    }

    #[must_use]
    pub fn some_shown(&self, found: &str, total: &str) -> String {
        match self.locale {
            Locale::English => format!("{found} of {total} shown"),
            Locale::Korean => format!("{total}개 중 {found}개 표시"),
        }
    }
}
