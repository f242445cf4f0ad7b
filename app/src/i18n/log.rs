//! The texts of the log's pages.

use domain::log::{Level, LogWindow};

use super::{Locale, group};

texts! { Log;
    within "Time" "기간";
    any_time "Any time" "전체 기간";
    last_hour "Last hour" "최근 1시간";
    last_day "Last 24 hours" "최근 24시간";
    last_week "Last 7 days" "최근 7일";
    from "From (UTC)" "시작(UTC)";
    to "To (UTC)" "종료(UTC)";
    more "More filters" "추가 필터";
    text "Text" "텍스트";
    empty "Nothing fits the filter" "필터에 맞는 기록이 없습니다";
    empty_body "Try a longer time, a lower level or fewer words." "기간을 늘리거나 수준을 낮추거나 단어를 줄여 보십시오.";
    searched "Nothing more was found back to {}." "{}까지 찾았습니다.";
    searched_lead "Search on in older entries, or narrow the time." "더 오래된 기록에서 계속 찾거나 기간을 좁히십시오.";
    search_older "Search older entries" "더 오래된 기록에서 찾기";
    entry "Log entry" "로그 기록";
    back "All entries" "전체 기록";
    same_session "Same session" "같은 세션";
    same_tool "Same tool" "같은 도구";
    same_key "Same key" "같은 키";
    not_kept "Arguments and results are not kept. An Owner can change that in the settings." "인자와 결과를 기록하지 않습니다. 소유자가 설정에서 바꿀 수 있습니다.";
    timing "Timing" "시간 흐름";
    timing_lead "This call among its session's, from {} to {}." "이 호출과 같은 세션의 호출입니다. {} ~ {}";
    started "Started" "시작";
    live "Live" "실시간";
    paused "Paused" "일시 중지";
    live_hint "New entries appear by themselves. Press to pause." "새 기록이 저절로 나타납니다. 누르면 멈춥니다.";
    paused_hint "New entries wait. Press to go on." "새 기록을 기다리게 했습니다. 누르면 이어집니다.";
    summary "Summary" "요약";
    by_level "By level" "수준별";
    by_category "By category" "분류별";
    slowest "Slowest tools" "가장 느린 도구";
    failing "Most failing tools" "실패가 가장 많은 도구";
    slowest_none "No calls in this time." "이 기간에는 호출이 없습니다.";
    failing_none "No failed calls in this time." "이 기간에는 실패한 호출이 없습니다.";
    usage_range "Tools are told for {}." "도구 통계 기간은 {}입니다.";
    counted "Too many to count: these are the newest ones, back to {}." "기록이 많아 {}까지의 최신 기록만 셌습니다.";
    export_ndjson "Export NDJSON" "NDJSON 내보내기";
    export_csv "Export CSV" "CSV 내보내기";
    retention "Retention" "보관";
    retention_body "Entries are kept for {} days, then deleted." "기록을 {}일 동안 보관한 뒤 삭제합니다.";
    retention_change "Change it in the settings" "설정에서 바꾸기";
    clean "Delete entries…" "기록 삭제…";
    clean_lead "Deletes entries of this project for good. The counts of the usage chart stay." "이 프로젝트의 기록을 완전히 삭제합니다. 사용량 차트의 수치는 남습니다.";
    older_than "Which entries" "삭제할 기록";
    older_1 "Older than a day" "1일보다 오래된 기록";
    older_7 "Older than 7 days" "7일보다 오래된 기록";
    older_30 "Older than 30 days" "30일보다 오래된 기록";
    older_all "All entries" "전체 기록";
    clean_now "Delete these entries" "이 기록 삭제";
}

impl Log {
    #[must_use]
    pub const fn window(&self, window: LogWindow) -> &'static str {
        match window {
            LogWindow::Hour => self.last_hour,
            LogWindow::Day => self.last_day,
            LogWindow::Week => self.last_week,
        }
    }

    /// How many entries there are and how many of them are bad, in one line.
    #[must_use]
    pub fn counts(&self, levels: &[(Level, u64)]) -> String {
        let sum =
            |fits: fn(Level) -> bool| levels.iter().filter(|(l, _)| fits(*l)).map(|(_, n)| n).sum::<u64>();
        let all = sum(|_| true);
        let (warnings, errors) = (sum(|level| level == Level::Warning), sum(|level| level >= Level::Error));
        match self.locale {
            Locale::English => {
                let named = |n, one: &str| format!("{} {one}{}", group(n), if n == 1 { "" } else { "s" });
                let entries = if all == 1 { "1 entry".to_owned() } else { format!("{} entries", group(all)) };
                format!("{entries} · {} · {}", named(warnings, "warning"), named(errors, "error"))
            }
            Locale::Korean => {
                format!("기록 {}건 · 경고 {}건 · 오류 {}건", group(all), group(warnings), group(errors))
            }
        }
    }
}
