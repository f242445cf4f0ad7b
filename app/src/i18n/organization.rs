//! The texts of an organization's pages.

use super::{Locale, group};

texts! { Organizations;
    projects_lead "Those that you can see." "볼 수 있는 프로젝트입니다.";
    projects_empty "No projects yet" "프로젝트가 없습니다";
    projects_empty_body "Projects of this organization that you may see appear here." "이 조직에서 볼 수 있는 프로젝트가 여기에 나타납니다.";
    find "Find" "찾기";
    filtered_empty "Nobody fits the filter" "필터에 맞는 사람이 없습니다";
    filtered_empty_body "Names and e-mail addresses are searched." "이름과 이메일 주소에서 찾습니다.";
    members_lead "Owners manage every project here. Members see the projects that they or their teams were added to." "소유자는 이 조직의 모든 프로젝트를 관리합니다. 구성원은 본인이나 팀이 추가된 프로젝트만 봅니다.";
    member_since "Member since" "가입";
    last_seen "Last seen" "최근 접속";
    leave "Leave…" "나가기…";
    leave_lead "You leave this organization and its teams. Projects that you were added to yourself stay yours; an owner can add you again." "이 조직과 팀에서 나갑니다. 직접 추가된 프로젝트는 그대로 남으며 소유자가 다시 추가할 수 있습니다.";
    leave_now "Leave this organization" "이 조직 나가기";
    remove_lead "{} leaves the organization and its teams, and their open invitations end. Projects that they were added to themselves stay theirs: remove them there." "{} 님이 조직과 팀에서 빠지고 보낸 초대도 취소됩니다. 직접 추가된 프로젝트의 권한은 남으므로 각 프로젝트에서 제거하십시오.";
    last_owner "The last owner cannot leave or become a member: make somebody else owner first." "마지막 소유자는 나가거나 구성원이 될 수 없습니다. 먼저 다른 사람을 소유자로 지정하십시오.";
    activity_lead "Who changed what in this organization and its projects, newest first." "이 조직과 프로젝트에서 누가 무엇을 바꾸었는지 최신순으로 보여 줍니다.";
    usage_lead "Tool calls of the projects that you can see." "볼 수 있는 프로젝트의 도구 호출입니다.";
    top_projects "Busiest projects" "호출이 많은 프로젝트";
    top_servers "Busiest servers" "호출이 많은 서버";
    top_tools "Busiest tools" "호출이 많은 도구";
    calls "Calls" "호출";
    errors "Errors" "오류";
    no_calls "No calls in this time." "이 기간에는 호출이 없습니다.";
    settings_lead "Its name, its address and its end." "이름과 주소를 바꾸거나 조직을 삭제합니다.";
    slug_hint "Part of the address of each of its projects: clients that use the old one stop working." "이 조직의 모든 프로젝트 주소에 들어갑니다. 이전 주소를 쓰는 클라이언트는 동작하지 않습니다.";
    delete_full "Delete or move its projects first: it still has {}." "먼저 프로젝트를 삭제하거나 옮기십시오. 남은 프로젝트: {}";
    delete_lead "Deletes {} with its teams and the memberships of {}. Accounts stay. This cannot be undone." "{}을(를) 팀, {}의 구성원 자격과 함께 삭제합니다. 계정은 남습니다. 되돌릴 수 없습니다.";
    delete_now "Delete this organization" "이 조직 삭제";
    see_projects "See its projects" "프로젝트 보기";
}

impl Organizations {
    /// What goes with an organization of that name and so many members.
    #[must_use]
    pub fn goes_with(&self, name: &str, members: u32) -> String {
        let people = match self.locale {
            Locale::English if members == 1 => "1 person".to_owned(),
            Locale::English => format!("{} people", group(members.into())),
            Locale::Korean => format!("{}명", group(members.into())),
        };
        self.delete_lead.replacen("{}", name, 1).replacen("{}", &people, 1)
    }
}
