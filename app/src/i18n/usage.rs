//! The texts of usage.

use domain::usage::UsageRange;

texts! { Usage;
    title "Tool calls" "도구 호출";
    calls "Calls" "호출";
    errors "Errors" "오류";
    most "Most" "최대";
    time "From" "시작 시각";
    range "Time range" "기간";
    day "24 hours" "24시간";
    week "7 days" "7일";
    month "30 days" "30일";
    none "No calls in this time." "이 기간에는 호출이 없습니다.";
}

impl Usage {
    #[must_use]
    pub const fn range_name(&self, range: UsageRange) -> &'static str {
        match range {
            UsageRange::Day => self.day,
            UsageRange::Week => self.week,
            UsageRange::Month => self.month,
        }
    }
}
