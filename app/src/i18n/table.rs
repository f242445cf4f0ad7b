//! The table of texts.

use super::Locale;

macro_rules! texts {
    ($($name:ident $english:literal $korean:literal;)+) => {
        /// Every text of the console in one language.
        pub struct Text {
            pub locale: Locale,
            $(pub $name: &'static str,)+
        }
        pub(super) static EN: Text = Text { locale: Locale::English, $($name: $english,)+ };
        pub(super) static KO: Text = Text { locale: Locale::Korean, $($name: $korean,)+ };
    };
}

texts! {
    // everywhere
    account "Account" "계정";
    action_done "Done." "완료했습니다.";
    actions "Actions" "작업";
    all "All" "전체";
    all_projects "All projects" "모든 프로젝트";
    cancel "Cancel" "취소";
    clear_filter "Clear filter" "필터 지우기";
    copied "Copied" "복사됨";
    copy "Copy" "복사";
    created "Created" "생성";
    delete "Delete" "삭제";
    description "Description" "설명";
    details "Details" "자세히";
    edit "Edit" "편집";
    email "E-mail" "이메일";
    filter "Filter" "필터";
    keyboard "Keyboard shortcuts" "키보드 단축키";
    keys_close "Close what is open" "열린 항목 닫기";
    keys_filter "Go to the filter" "필터로 이동";
    language "Language" "언어";
    loading "Loading" "불러오는 중";
    main_navigation "Main" "기본 메뉴";
    name "Name" "이름";
    never "Never" "없음";
    none "None" "없음";
    optional "Optional." "선택 사항입니다.";
    organization "Organization" "조직";
    organizations "Organizations" "조직";
    password "Password" "비밀번호";
    projects "Projects" "프로젝트";
    request_id "Request id" "요청 ID";
    retry "Try again" "다시 시도";
    role_label "Role" "역할";
    save "Save changes" "변경 저장";
    saved "Saved." "저장했습니다.";
    search "Search" "검색";
    short_name "Short name" "짧은 이름";
    skip "Skip to content" "본문으로 건너뛰기";
    status "Status" "상태";
    switch_off "Off" "꺼짐";
    switch_on "On" "켜짐";
    theme_label "Theme" "테마";

    // signing in
    sign_in "Sign in" "로그인";
    sign_out "Sign out" "로그아웃";
    sign_up "Create account" "계정 만들기";
    sign_up_closed "Accounts are created by invitation here. Ask an administrator for a sign-in link." "이 설치에서는 초대로만 계정을 만듭니다. 관리자에게 로그인 링크를 요청하십시오.";
    no_account "No account yet?" "계정이 없습니까?";
    have_account "Have an account?" "계정이 있습니까?";
    your_name "Your name" "내 이름";
    password_hint "At least 12 characters, not a common one." "12자 이상, 흔하지 않은 비밀번호여야 합니다.";
    link_lead "This link signs you in once, in this browser." "이 링크는 이 브라우저에서 한 번만 로그인합니다.";
    set_up "Set up Sluice" "Sluice 설정";
    set_up_lead "You are the first one here. This account becomes the platform administrator." "첫 사용자입니다. 이 계정이 플랫폼 관리자가 됩니다.";
    set_up_submit "Create administrator" "관리자 만들기";
    no_token "The link lacks its token. Open it exactly as it was printed." "링크에 토큰이 없습니다. 출력된 그대로 여십시오.";

    // projects
    new_project "New project" "새 프로젝트";
    create_project "Create project" "프로젝트 만들기";
    projects_empty "No projects yet" "프로젝트가 없습니다";
    projects_empty_body "A project holds MCP servers, the people who may use them and the keys for their clients." "프로젝트는 MCP 서버, 사용할 사람, 클라이언트용 키를 담습니다.";
    slug_hint "Part of the address. Lower-case letters, digits and hyphens; made from the name if left empty." "주소의 일부입니다. 소문자, 숫자, 하이픈을 쓰며 비워 두면 이름에서 만듭니다.";
    no_organization "You own no organization, so you cannot create a project. Create an organization first, or ask an owner." "소유한 조직이 없어 프로젝트를 만들 수 없습니다. 먼저 조직을 만들거나 소유자에게 요청하십시오.";
    overview "Overview" "개요";
    servers "Servers" "서버";
    members "Members" "구성원";
    keys "Keys" "키";
    logs "Logs" "로그";
    settings "Settings" "설정";
    project_navigation "Project" "프로젝트 메뉴";

    // access
    access "Access" "접근";
    access_key "With an API key of the project" "프로젝트의 API 키 필요";
    access_open "Open: without a key" "공개: 키 없이 사용";
    access_warning "Open lets whoever reaches the address use every tool here" "공개하면 주소에 접근하는 누구나 모든 도구를 쓸 수 있습니다";
    access_hint "It is for this machine alone, such as tests with clients that cannot send a key." "키를 보낼 수 없는 클라이언트를 시험할 때처럼 이 컴퓨터에서만 쓰는 설정입니다.";
    access_ignored_hint "This installation asks for a key all the same, because others can reach it." "이 설치는 다른 사람이 접근할 수 있으므로 그래도 키를 요구합니다.";
    open_banner "Anyone who can reach this address can use this project's servers without a key" "이 주소에 접근하는 누구나 키 없이 이 프로젝트의 서버를 쓸 수 있습니다";
    open_banner_next "An Owner can close it in the settings." "소유자가 설정에서 닫을 수 있습니다.";
    open_change "Change it in the settings" "설정에서 바꾸기";
    open_ignored "This project is set to be open, but Sluice goes on asking for a key" "공개로 설정된 프로젝트이지만 Sluice는 계속 키를 요구합니다";
    open_ignored_next "Others than this machine's users can connect here. The operator can allow it with open_access in the [mcp] section of the configuration." "이 컴퓨터 밖에서도 접속할 수 있기 때문입니다. 운영자는 설정 파일의 [mcp] 섹션에서 open_access로 허용할 수 있습니다.";

    // a project
    one_endpoint "All servers as one" "모든 서버를 하나로";
    one_endpoint_lead "One address for all enabled servers. Tools are named prefix__tool; each server has its prefix." "사용 중인 모든 서버를 위한 주소 하나입니다. 도구 이름은 접두어__도구이며 접두어는 서버마다 다릅니다.";
    endpoints_each "Each server by itself" "서버별 주소";
    endpoints "Addresses for clients" "클라이언트용 주소";
    endpoints_lead "Clients send an API key of the project with each request: Authorization: Bearer slu_…" "클라이언트는 요청마다 프로젝트의 API 키를 보냅니다: Authorization: Bearer slu_…";
    endpoints_open "This project is open: clients send nothing." "공개 프로젝트이므로 클라이언트는 키를 보내지 않아도 됩니다.";
    recent "Recent activity" "최근 활동";
    working "Working" "동작 중";
    failed "Failed" "실패";
    not_running "Not running" "실행 안 됨";
    needs_attention "Needs attention" "확인 필요";
    general "General" "일반";
    slug_change_hint "Part of the address: clients that use the old one stop working." "주소의 일부입니다. 이전 주소를 쓰는 클라이언트는 동작하지 않게 됩니다.";
    retention "Keep logs for (days)" "로그 보관 기간(일)";
    retention_hint "Older entries are deleted." "더 오래된 항목은 삭제됩니다.";
    log_payloads "Log arguments and results" "인자와 결과 기록";
    log_payloads_hint "Known secrets are blanked, but tools may carry personal data." "알려진 비밀 값은 가리지만 도구에 개인 정보가 있을 수 있습니다.";
    delete_project "Delete project…" "프로젝트 삭제…";
    delete_project_lead "Deletes {} with its servers, keys and logs. Its clients stop working at once. This cannot be undone." "{}을(를) 서버, 키, 로그와 함께 삭제합니다. 클라이언트는 즉시 동작을 멈추며 되돌릴 수 없습니다.";
    delete_project_now "Delete this project" "이 프로젝트 삭제";
    type_name "Type {} to confirm" "확인을 위해 {} 입력";

    // servers
    server "Server" "서버";
    new_server "Add server" "서버 추가";
    edit_server "Edit server" "서버 편집";
    create_server "Create server" "서버 만들기";
    create_servers "Create servers" "서버 만들기";
    import "Import" "가져오기";
    import_lead "From the configuration file of Cline, Cursor, Claude or VS Code." "Cline, Cursor, Claude, VS Code의 설정 파일에서 가져옵니다.";
    import_hint "JSON with an mcpServers or servers object. Values of variables are stored encrypted." "mcpServers 또는 servers 객체가 있는 JSON입니다. 변수 값은 암호화하여 저장합니다.";
    configuration "Configuration" "설정";
    preview "Preview" "미리 보기";
    will_create "Will be created" "만들 서버";
    notes "Notes" "참고";
    servers_lead "{} in this project." "이 프로젝트의 서버: {}개";
    servers_empty "No servers yet" "서버가 없습니다";
    servers_empty_body "Add an MCP server: a command that Sluice runs, a remote address, or a built-in one. Clients then reach it under the project's address." "MCP 서버를 추가하십시오. Sluice가 실행할 명령, 원격 주소, 내장 서버 중에서 고릅니다. 클라이언트는 프로젝트 주소로 접근합니다.";
    nothing_found "Nothing fits the filter." "필터에 맞는 항목이 없습니다.";
    kind "Kind" "종류";
    target "Target" "대상";
    tools "Tools" "도구";
    tool "Tool" "도구";
    observed "Observed" "확인";
    server_name_hint "Part of the address and of tool names: letters, digits, hyphens." "주소와 도구 이름의 일부입니다. 문자, 숫자, 하이픈을 씁니다.";
    command "Command" "명령";
    command_hint "One program, without arguments and without a shell." "인자와 셸 없이 프로그램 하나만 적습니다.";
    command_admins_only "Only platform administrators may register commands, because a command runs on the server's machine." "명령은 서버 컴퓨터에서 실행되므로 플랫폼 관리자만 등록할 수 있습니다.";
    args "Arguments" "인자";
    args_hint "One a line." "한 줄에 하나씩 적습니다.";
    working_directory "Working directory" "작업 디렉터리";
    working_directory_hint "An absolute path; optional." "절대 경로이며 선택 사항입니다.";
    env "Environment variables" "환경 변수";
    env_hint "Values are encrypted and never shown again. Remove a variable by clearing its name." "값은 암호화하며 다시 보여 주지 않습니다. 이름을 지우면 변수가 삭제됩니다.";
    url "Address" "주소";
    headers "Headers" "헤더";
    headers_hint "Sent with each request, for example Authorization. Values are encrypted and never shown again." "Authorization처럼 요청마다 보냅니다. 값은 암호화하며 다시 보여 주지 않습니다.";
    builtin "Built-in server" "내장 서버";
    value "Value" "값";
    value_stored "Stored; empty keeps it" "저장됨, 비우면 유지";
    add_row "Add row" "행 추가";
    timeout "Timeout (seconds)" "제한 시간(초)";
    timeout_hint "How long a call may go without any sign of life: 1 to 600." "호출이 응답 없이 있을 수 있는 시간입니다. 1~600.";
    advanced "Advanced" "고급 설정";
    alias "Prefix of tool names" "도구 이름 접두어";
    alias_hint "On the project's one address the tools are named prefix__tool. Up to 20 lower-case letters, digits, hyphens; made from the name if empty." "프로젝트 공용 주소에서 도구 이름은 접두어__도구입니다. 소문자, 숫자, 하이픈 20자까지 쓰며 비워 두면 이름에서 만듭니다.";
    unprefixed "No prefix" "접두어 없음";
    unprefixed_hint "Tools keep their own names there too; names must then differ from those of other servers." "공용 주소에서도 도구의 원래 이름을 씁니다. 다른 서버의 도구와 이름이 달라야 합니다.";
    sharing_label "One process for" "프로세스 공유";
    sharing_hint "Everyone suits servers that keep nothing of their callers." "호출자별 상태가 없는 서버에는 모두 함께 쓰는 방식이 맞습니다.";
    sleep_after "Stop when unused for (minutes)" "미사용 시 중지(분)";
    sleep_after_hint "The next call starts it again. Empty: always on." "다음 호출 때 다시 시작합니다. 비우면 항상 실행합니다.";
    memory "Memory limit (MiB)" "메모리 한도(MiB)";
    memory_hint "Of the process with its children; above it they are ended. From 16; empty: no limit." "자식 프로세스를 포함하며 넘으면 종료합니다. 16 이상이며 비우면 한도가 없습니다.";
    connect_seconds "Connect within (seconds)" "연결 제한(초)";
    connect_seconds_hint "To take a connection, or to start: 1 to 120. Empty: 10." "연결하거나 시작할 때까지의 시간입니다. 1~120이며 비우면 10.";
    initialize_seconds "Initialize within (seconds)" "초기화 제한(초)";
    initialize_seconds_hint "From there to the end of the handshake: 1 to 600. Empty: 60, or the timeout if longer." "그 뒤 핸드셰이크가 끝날 때까지의 시간입니다. 1~600이며 비우면 60과 제한 시간 중 긴 쪽입니다.";
    total_seconds "Whole call within (seconds)" "호출 전체 제한(초)";
    total_seconds_hint "Whatever its signs of life: from the timeout to 86,400. Empty: 600, or ten times the timeout." "응답이 오더라도 적용됩니다. 제한 시간~86,400이며 비우면 600과 제한 시간의 10배 중 긴 쪽입니다.";
    always_on "always on" "항상 실행";
    enabled "Enabled" "사용";
    enabled_hint "Clients see enabled servers only." "클라이언트는 사용 중인 서버만 봅니다.";
    enable "Enable" "켜기";
    disable "Disable" "끄기";
    restart "Restart" "다시 시작";
    test_connection "Test connection" "연결 확인";
    test_ok "The server answers." "서버가 응답합니다.";
    version "Version" "버전";
    protocol "Protocol" "프로토콜";
    era_legacy "legacy" "이전 규격";
    era_modern "modern" "최신 규격";
    process "Process" "프로세스";
    limits "Time limits" "시간 제한";
    capabilities "Capabilities" "기능";
    instructions "Instructions" "안내";
    stderr "Last error output" "마지막 오류 출력";
    server_says "What the server says of itself" "서버 정보";
    disabled_note "This server is disabled: clients do not see it." "비활성 서버입니다. 클라이언트에 보이지 않습니다.";
    unknown_note "Not started yet: it starts with the first call, or press Restart." "아직 시작하지 않았습니다. 첫 호출 때 시작하며 다시 시작을 눌러도 됩니다.";
    updated "Updated" "수정";
    delete_server "Delete server…" "서버 삭제…";
    delete_server_lead "Deletes {} with its stored values. Clients that use it stop working at once." "{}을(를) 저장된 값과 함께 삭제합니다. 사용하는 클라이언트는 즉시 동작을 멈춥니다.";
    delete_named "Delete {}" "{} 삭제";
    tools_empty "No tools known yet" "알려진 도구가 없습니다";
    tools_empty_body "Tools appear once the server was started." "서버가 시작되면 도구가 나타납니다.";
    tools_offered "Offered" "제공";
    tools_shown "Shown to clients" "클라이언트에 표시";
    tools_hidden "Hidden" "숨김";
    tool_hidden "hidden" "숨김";
    tool_missing "not in the server's list" "서버 목록에 없음";
    tool_described "description changed" "설명 변경됨";
    tool_offered "Show {} to clients" "{} 도구를 클라이언트에 표시";
    tool_edit "Edit {}" "{} 편집";
    tool_own_name "{} at the server" "서버의 이름: {}";
    tool_own_description "The server's own description" "서버의 원래 설명";
    tool_merged_name "On the project's one address:" "프로젝트 공용 주소에서:";
    tool_alias "Name for clients" "클라이언트용 이름";
    tool_alias_hint "Letters, digits, _ - and . up to 64. Empty: the tool's own name." "문자, 숫자, _ - .을 64자까지 씁니다. 비우면 원래 이름입니다.";
    tool_description_hint "Replaces the server's own for clients; up to 2,000 characters. Empty: the server's own." "클라이언트에 보이는 설명을 바꿉니다. 2,000자까지이며 비우면 서버의 설명입니다.";
    tool_reset "Reset to the server's own" "서버 값으로 되돌리기";
    input_schema "Input schema" "입력 스키마";
    output_schema "Output schema" "출력 스키마";
    read_only "read-only" "읽기 전용";
    destructive "destructive" "파괴적";
    idempotent "idempotent" "멱등";
    open_world "open world" "외부 접근";
    previous "Previous" "이전";
    next "Next" "다음";

    // logs
    logs_lead "Connections, calls and failures, newest first." "연결, 호출, 실패를 최신순으로 보여 줍니다.";
    logs_empty "Nothing happened yet" "기록이 없습니다";
    logs_empty_body "Each connection, call and failure of this project appears here." "이 프로젝트의 연결, 호출, 실패가 여기에 나타납니다.";
    level "Level" "수준";
    level_from "Level from" "최소 수준";
    category "Category" "분류";
    outcome "Outcome" "결과";
    message "Message" "내용";
    time "Time" "시각";
    exact_time "Exact time" "정확한 시각";
    duration "Duration" "소요 시간";
    method "Method" "메서드";
    session "Session" "세션";
    failure "Failure" "실패";
    arguments "Arguments" "인자";
    result "Result" "결과";
    older "Older" "이전 기록";
    newest "Newest" "최신 기록";
    clear_logs "Delete all entries…" "모든 기록 삭제…";
    clear_logs_lead "Deletes the whole log of this project. This cannot be undone." "이 프로젝트의 로그 전체를 삭제합니다. 되돌릴 수 없습니다.";
    clear_logs_now "Delete all entries" "모든 기록 삭제";

    // keys
    key "Key" "키";
    keys_lead "A client sends a key with each request. A revoked key is refused from the next request on." "클라이언트는 요청마다 키를 보냅니다. 폐기한 키는 다음 요청부터 거부됩니다.";
    keys_empty "No keys yet" "키가 없습니다";
    keys_empty_body "Create a key for each client, so that you can revoke one without the others." "클라이언트마다 키를 만들면 하나만 따로 폐기할 수 있습니다.";
    new_key "New key" "새 키";
    create_key "Create key" "키 만들기";
    key_name_hint "Who or what uses it." "사용하는 사람이나 프로그램입니다.";
    expires "Expires" "만료";
    expired "Expired" "만료됨";
    last_used "Last used" "마지막 사용";
    days_30 "In 30 days" "30일 후";
    days_90 "In 90 days" "90일 후";
    days_365 "In a year" "1년 후";
    secret "Secret" "비밀 값";
    secret_title "{} was created" "{}을(를) 만들었습니다";
    secret_once "Copy it now. It is stored as a hash only and cannot be shown again." "지금 복사하십시오. 해시로만 저장하므로 다시 볼 수 없습니다.";
    revoke "Revoke…" "폐기…";
    revoke_lead "Clients that use {} are refused from their next request on." "{}을(를) 쓰는 클라이언트는 다음 요청부터 거부됩니다.";
    revoke_named "Revoke {}" "{} 폐기";

    // members and organizations
    members_lead "Owners of the organization are owners of its projects without being listed." "조직 소유자는 목록에 없어도 프로젝트의 소유자입니다.";
    member_hint "Somebody who has an account here." "이 설치에 계정이 있는 사람이어야 합니다.";
    add_member "Add member" "구성원 추가";
    added "Added" "추가";
    change "Change" "변경";
    remove "Remove…" "제거…";
    remove_member_lead "{} loses access at once." "{}의 접근 권한이 즉시 사라집니다.";
    remove_named "Remove {}" "{} 제거";
    organizations_lead "An organization owns projects. Its owners manage them all." "조직은 프로젝트를 소유합니다. 조직 소유자는 모든 프로젝트를 관리합니다.";
    organization_lead "Owners manage all projects of the organization; members see those they are added to." "소유자는 조직의 모든 프로젝트를 관리하고 구성원은 추가된 프로젝트만 봅니다.";
    organization_nobody "No members yet: only platform administrators manage it." "아직 구성원이 없습니다. 플랫폼 관리자만 관리합니다.";
    new_organization "New organization" "새 조직";
    create_organization "Create organization" "조직 만들기";
    delete_organization "Delete organization…" "조직 삭제…";
    delete_organization_lead "Only an organization without projects can be deleted." "프로젝트가 없는 조직만 삭제할 수 있습니다.";
    personal "personal" "개인";

    // account
    profile "Profile" "프로필";
    appearance "Language and theme" "언어와 테마";
    platform_admin "Platform administrator" "플랫폼 관리자";
    change_password "Change password" "비밀번호 변경";
    change_password_lead "Signs out your other browsers." "다른 브라우저에서 로그아웃됩니다.";
    current_password "Current password" "현재 비밀번호";
    new_password "New password" "새 비밀번호";
    tokens "Personal tokens" "개인 토큰";
    tokens_lead "For scripts that use the API as you: Authorization: Bearer slp_…" "API를 사용하는 스크립트용입니다: Authorization: Bearer slp_…";
    tokens_empty "No tokens." "토큰이 없습니다.";
    create_token "Create token" "토큰 만들기";
    sessions "Sessions" "세션";
    sessions_lead "Browsers that are signed in with your account." "내 계정으로 로그인한 브라우저입니다.";
    this_browser "this browser" "이 브라우저";
    browser "Browser" "브라우저";
    address "Address" "주소";
    end_session "Sign out" "로그아웃";
    sign_out_everywhere "Sign out everywhere" "모든 곳에서 로그아웃";
}
