//! The texts of the administrators' pages.

use domain::platform::UserState;

texts! { Admin;
    admin "Admin" "관리";
    navigation "Administration" "관리 메뉴";
    only_admins "Administrators only" "관리자 전용";
    users "Users" "사용자";
    users_lead "Everybody with an account here." "이 설치에 계정이 있는 모든 사람입니다.";
    new_user "New user" "새 사용자";
    new_user_lead "Makes the account and a link that signs them in once. They choose their password then." "계정과 한 번 쓸 수 있는 로그인 링크를 만듭니다. 비밀번호는 본인이 정합니다.";
    create_user "Create user" "사용자 만들기";
    state "State" "상태";
    state_admin "Administrators" "관리자";
    state_active "Not disabled" "사용 중";
    state_disabled "Disabled" "비활성";
    badge_admin "administrator" "관리자";
    badge_disabled "disabled" "비활성";
    last_seen "Last seen" "최근 접속";
    find_user "Name or e-mail" "이름 또는 이메일";
    no_user "Nobody fits the filter" "필터에 맞는 사람이 없습니다";
    no_user_body "Names and e-mail addresses are searched." "이름과 이메일 주소에서 찾습니다.";
    manage "Manage…" "관리…";
    sign_in_link "Make a sign-in link" "로그인 링크 만들기";
    link_title "Sign-in link for {}" "{} 로그인 링크";
    link_once "Pass it on yourself. It signs them in once, within a day, and is not shown again." "직접 전달하십시오. 하루 안에 한 번만 쓸 수 있으며 다시 표시되지 않습니다.";
    link "Link" "링크";
    disable "Disable {}" "{} 비활성화";
    disable_lead "Signs them out everywhere, refuses their tokens and ends invitations that they made. Keys of projects go on working." "모든 곳에서 로그아웃시키고 토큰을 거부하며 보낸 초대를 끝냅니다. 프로젝트의 키는 계속 동작합니다.";
    enable "Enable {}" "{} 활성화";
    make_admin "Make {} an administrator" "{} 님을 관리자로 지정";
    make_admin_lead "Administrators see and change everything here, and may register commands that run on this machine." "관리자는 모든 것을 보고 바꿀 수 있으며 이 컴퓨터에서 실행되는 명령을 등록할 수 있습니다.";
    unmake_admin "Take administration from {}" "{} 님의 관리자 자격 해제";
    give_up "Give up administration" "관리자 자격 내려놓기";
    organizations_lead "Every organization of this installation." "이 설치의 모든 조직입니다.";
    find_organization "Name or short name" "이름 또는 짧은 이름";
    no_organization "No organization fits the filter" "필터에 맞는 조직이 없습니다";
    no_organization_body "Names and short names are searched." "이름과 짧은 이름에서 찾습니다.";
    audit "Audit" "감사 기록";
    audit_lead "Every change of this installation, newest first, with what was before and after." "이 설치의 모든 변경을 이전 값, 이후 값과 함께 최신순으로 보여 줍니다.";
    action "Action" "작업";
    action_exact "Action, such as server.create" "작업(예: server.create)";
    organization_slug "Organization's short name" "조직의 짧은 이름";
    exact_time "Time" "시각";
    from "From (UTC)" "시작(UTC)";
    until "Until (UTC)" "끝(UTC)";
    export "Export NDJSON" "NDJSON 내보내기";
    first_page "First page" "첫 페이지";
    next_page "Next page" "다음 페이지";
}

impl Admin {
    #[must_use]
    pub const fn user_state(&self, state: UserState) -> &'static str {
        match state {
            UserState::Admin => self.state_admin,
            UserState::Active => self.state_active,
            UserState::Disabled => self.state_disabled,
        }
    }
}
