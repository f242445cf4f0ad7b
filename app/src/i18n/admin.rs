//! The texts of the administrators' pages.

use domain::platform::{JobName, JobRun, UserState};

use super::{Locale, group};

texts! { Admin;
    navigation "Administration" "관리 메뉴";
    only_admins "Administrators only" "관리자 전용";
    users "Users" "사용자";
    users_lead "Everybody with an account here." "이 설치에 계정이 있는 모든 사람입니다.";
    new_user "New user" "새 사용자";
    new_user_lead "Makes the account and a link that signs them in once, within a day. Make another whenever they need one." "계정과 하루 안에 한 번 쓸 수 있는 로그인 링크를 만듭니다. 필요할 때마다 다시 만들 수 있습니다.";
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
    commands "Commands" "명령";
    audit "Audit" "감사 기록";
    audit_lead "Every change of this installation, newest first, with what was before and after." "이 설치의 모든 변경을 이전 값, 이후 값과 함께 최신순으로 보여 줍니다.";
    action "Action" "작업";
    action_exact "Action, such as server.create" "작업(예: server.create)";
    organization_slug "Organization's short name" "조직의 짧은 이름";
    exact_time "Time" "시각";
    from "From (UTC)" "시작(UTC)";
    until "Until (UTC)" "끝(UTC)";
    export "Export NDJSON" "NDJSON 내보내기";
    system "System" "시스템";
    system_lead "How this installation fares." "이 설치의 상태입니다.";
    process "This process" "이 프로세스";
    version "Version" "버전";
    role "Role" "역할";
    started "Started" "시작";
    mail "Mail" "메일";
    mail_off "No mail server is set up, so invitations are links to pass on. Set host and from under [mail] in the configuration." "메일 서버가 설정되지 않아 초대 링크를 직접 전달해야 합니다. 설정의 [mail]에서 host와 from을 지정하십시오.";
    mail_lead "Invitations are sent by mail. Send yourself one to see that it arrives." "초대를 메일로 보냅니다. 시험 메일을 보내 도착하는지 확인하십시오.";
    mail_test "Send test mail" "시험 메일 보내기";
    mail_taken "The mail server took the mail to {}" "메일 서버가 {} 메일을 받았습니다";
    mail_taken_next "If it does not arrive, look among spam and in the mail server's log." "도착하지 않으면 스팸함과 메일 서버의 로그를 확인하십시오.";
    database_title "Database" "데이터베이스";
    database "Kind" "종류";
    size "Size" "크기";
    revision "Revision" "리비전";
    browsers "Signed-in browsers" "로그인한 브라우저";
    plane "Data plane" "데이터 플레인";
    plane_lead "What serves MCP clients in this process." "이 프로세스에서 MCP 클라이언트를 처리하는 부분입니다.";
    snapshot_age "Configuration taken over" "구성 적용 시각";
    none_yet "Not yet" "아직 없음";
    mcp_sessions "Sessions of clients" "클라이언트 세션";
    connections "Connections to servers" "서버 연결";
    processes "Child processes" "자식 프로세스";
    queue "Log entries waiting" "기록 대기";
    dropped "Log entries lost" "잃은 기록";
    lost "Log entries were lost: calls came faster than the database takes their log" "호출이 데이터베이스보다 빨라 기록 일부를 잃었습니다";
    lost_next "Calls were served all the same. PostgreSQL, or a faster disk, takes more." "호출은 모두 처리되었습니다. PostgreSQL이나 더 빠른 디스크를 쓰면 더 많이 기록합니다.";
    behind "A change is on its way to the data plane." "변경이 데이터 플레인에 적용되는 중입니다.";
    configuration "Effective configuration" "적용된 구성";
    configuration_lead "As `sluice config check` prints it, without secrets." "sluice config check가 출력하는 내용이며 비밀 값은 빠집니다.";
    jobs "Jobs" "작업";
    jobs_lead "What is done in the background. Clean-up counts for all processes; servers are asked by each process that is connected to them, and this one tells of its own." "백그라운드에서 하는 일입니다. 정리는 모든 프로세스를 함께 보여 주고, 서버 확인은 이 프로세스가 연결한 서버만 보여 줍니다.";
    schedule "Schedule" "주기";
    last_run "Last run" "마지막 실행";
    never_ran "Not run yet" "아직 실행하지 않음";
    outcome "Outcome" "결과";
    run "Run now" "지금 실행";
    first_page "First page" "첫 페이지";
    next_page "Next page" "다음 페이지";
}

impl Admin {
    /// A job's name, and what it does.
    #[must_use]
    pub const fn job(&self, job: JobName) -> (&'static str, &'static str) {
        match (job, self.locale) {
            (JobName::Checks, Locale::English) => (
                "Status checks",
                "Asks each connected remote server whether it is there. Processes tell by themselves.",
            ),
            (JobName::Checks, Locale::Korean) => (
                "상태 확인",
                "연결된 원격 서버가 응답하는지 묻습니다. 프로세스는 끝나면 바로 알 수 있습니다.",
            ),
            (JobName::Catalogs, Locale::English) => (
                "Catalog refresh",
                "Reads the tools, resources and prompts of each connected server. What a server announces is read at once.",
            ),
            (JobName::Catalogs, Locale::Korean) => (
                "목록 새로 읽기",
                "연결된 서버의 도구, 리소스, 프롬프트를 다시 읽습니다. 서버가 변경을 알리면 바로 읽습니다.",
            ),
            (JobName::Logs, Locale::English) => (
                "Log clean-up",
                "Deletes log entries and usage that are older than their project keeps them.",
            ),
            (JobName::Logs, Locale::Korean) => {
                ("로그 정리", "프로젝트의 보관 기간이 지난 로그와 사용량을 삭제합니다.")
            }
            (JobName::Sessions, Locale::English) => {
                ("Session clean-up", "Deletes sessions of browsers and sign-in links that have expired.")
            }
            (JobName::Sessions, Locale::Korean) => {
                ("세션 정리", "만료된 브라우저 세션과 로그인 링크를 삭제합니다.")
            }
            (JobName::Invitations, Locale::English) => {
                ("Invitation clean-up", "Deletes invitations that nobody used in time.")
            }
            (JobName::Invitations, Locale::Korean) => ("초대 정리", "기한 안에 쓰지 않은 초대를 삭제합니다."),
            (JobName::Keys, Locale::English) => {
                ("Playground clean-up", "Deletes the expired keys with which browsers tried tools.")
            }
            (JobName::Keys, Locale::Korean) => {
                ("실행 화면 키 정리", "브라우저에서 도구를 실행할 때 쓴 만료된 키를 삭제합니다.")
            }
        }
    }

    /// What a run came to.
    #[must_use]
    pub fn done(&self, job: JobName, run: &JobRun) -> String {
        if !job.is_of_planes() {
            return self.deleted(run.items);
        }
        let (servers, failed) = (group(run.items), group(run.failed));
        match (self.locale, run.items, run.failed) {
            (Locale::English, 0, _) => "No server is connected".to_owned(),
            (Locale::English, 1, 0) => "1 server answered".to_owned(),
            (Locale::English, _, 0) => format!("{servers} servers answered"),
            (Locale::English, ..) => format!("{failed} of {servers} servers did not answer"),
            (Locale::Korean, 0, _) => "연결된 서버 없음".to_owned(),
            (Locale::Korean, _, 0) => format!("서버 {servers}개 응답"),
            (Locale::Korean, ..) => format!("서버 {servers}개 중 {failed}개 응답 없음"),
        }
    }

    #[must_use]
    fn deleted(&self, items: u64) -> String {
        match (self.locale, items) {
            (Locale::English, 0) => "Nothing to delete".to_owned(),
            (Locale::English, 1) => "Deleted 1 entry".to_owned(),
            (Locale::English, n) => format!("Deleted {} entries", group(n)),
            (Locale::Korean, 0) => "삭제할 항목 없음".to_owned(),
            (Locale::Korean, n) => format!("{}개 삭제", group(n)),
        }
    }

    #[must_use]
    pub fn every(&self, seconds: u32) -> String {
        let minutes = group(u64::from(seconds) / 60);
        match self.locale {
            Locale::English => format!("every {minutes} min"),
            Locale::Korean => format!("{minutes}분마다"),
        }
    }

    #[must_use]
    pub const fn user_state(&self, state: UserState) -> &'static str {
        match state {
            UserState::Admin => self.state_admin,
            UserState::Active => self.state_active,
            UserState::Disabled => self.state_disabled,
        }
    }
}
