//! What is wrong with a server and what to do: reasons, and steps with the names of their doors.

use domain::{
    Code,
    server::{Cause, ListKind},
};

use crate::server::remedy::Step;

texts! { Remedy;
    what_to_do "What to do" "해결 방법";
    output "Last error output" "마지막 오류 출력";
    lists_partly "Some lists of this server could not be read; what clients see is the last known one." "이 서버의 일부 목록을 읽지 못했습니다. 클라이언트에는 마지막으로 읽은 목록이 보입니다.";
    list_tools "Tools" "도구";
    list_resources "Resources" "리소스";
    list_templates "Resource templates" "리소스 템플릿";
    list_prompts "Prompts" "프롬프트";

    // what usually lies behind a failure
    why_server_disabled "Somebody switched it off, so nothing is started and clients do not see it." "누군가 서버를 껐습니다. 실행하지 않으며 클라이언트에도 보이지 않습니다.";
    why_command_withdrawn "Servers of an approved command stop with it, whoever added them." "승인된 명령이 철회되면 누가 추가했든 그 명령의 서버가 멈춥니다.";
    why_command_unfit "An administrator changed the command, so that a value or variable is missing or not allowed any more." "관리자가 명령을 바꾸어 값이나 변수가 빠졌거나 더 이상 허용되지 않습니다.";
    why_shared_withdrawn "A shared server stops in all projects when it is withdrawn." "공유를 철회하면 모든 프로젝트에서 그 서버가 멈춥니다.";
    why_spawn_failed "The program is not installed on the machine where Sluice runs, is not in its search path, or the working directory does not exist." "Sluice가 실행되는 컴퓨터에 프로그램이 없거나 검색 경로에 없습니다. 작업 디렉터리가 없을 수도 있습니다.";
    why_process_exited "The program ended by itself: it may lack a variable or an argument, or it met an error." "프로그램이 스스로 끝났습니다. 변수나 인자가 빠졌거나 오류가 생겼을 수 있습니다.";
    why_crash_loop "Each start ends in the same way, so it is a matter of configuration, not of chance." "시작할 때마다 똑같이 끝나므로 우연이 아니라 설정 문제입니다.";
    why_memory_exceeded "The process with its children went over the memory limit of this server." "프로세스와 그 자식이 이 서버의 메모리 한도를 넘었습니다.";
    why_upstream_down "After several failures in a row calls are refused at once, so that nobody waits in vain." "연달아 실패하면 헛되이 기다리지 않도록 호출을 바로 거절합니다.";
    why_connect_failed "Nothing listens at the address, its name does not resolve, or a firewall lies between." "주소에서 응답하는 프로그램이 없거나 이름을 찾을 수 없거나 방화벽이 막고 있습니다.";
    why_address_forbidden "Sluice keeps to public addresses unless its operator lists a network." "운영자가 네트워크를 허용하지 않으면 Sluice는 공인 주소에만 연결합니다.";
    why_tls_failed "The certificate is expired, is for another host name, or comes from an authority that is not trusted here." "인증서가 만료되었거나 다른 호스트 이름의 것이거나 신뢰하지 않는 기관이 발급했습니다.";
    why_http_status "Something answers at the address, but it failed or is not an MCP endpoint." "주소에서 응답하지만 오류가 났거나 MCP 엔드포인트가 아닙니다.";
    why_upstream_unauthorized "The credential is missing, wrong, expired, or lacks the right." "인증 정보가 없거나 틀렸거나 만료되었거나 권한이 모자랍니다.";
    why_wrong_transport "SSE and streamable HTTP have addresses of their own, often /sse and /mcp." "SSE와 streamable HTTP는 주소가 다릅니다. 보통 /sse와 /mcp입니다.";
    why_protocol_violation "The server writes something other than MCP, often log lines on standard output." "서버가 MCP가 아닌 것을 씁니다. 표준 출력에 로그를 쓰는 경우가 많습니다.";
    why_upstream_timeout "It is overloaded, hangs, or needs longer than the timeout allows." "과부하 상태이거나 멈췄거나 제한 시간보다 오래 걸립니다.";
    why_initialize_timeout "A first start fetches packages or images, which can take longer than the limit." "첫 시작 때 패키지나 이미지를 받느라 한도보다 오래 걸릴 수 있습니다.";
    why_connection_lost "The server, or a proxy before it, closed the connection in the middle of a call." "서버나 그 앞의 프록시가 호출 도중에 연결을 닫았습니다.";
    why_too_large_message "An answer is larger than Sluice takes from any server." "응답이 Sluice가 받는 한도보다 큽니다.";
    why_client_cannot "The tool asks back (sampling, elicitation, roots), which not every client supports." "도구가 되묻는 기능(sampling, elicitation, roots)을 쓰는데 지원하지 않는 클라이언트가 있습니다.";
    why_upstream_busy "More calls come than the server answers." "서버가 응답하는 것보다 더 많은 호출이 들어옵니다.";
    why_session_unknown "The server forgot the session, for example because it was started anew." "서버가 다시 시작되는 등의 이유로 세션을 잊었습니다.";
    why_stdio_disabled "The operator decided that this installation runs no commands." "운영자가 이 설치에서 명령을 실행하지 않도록 정했습니다.";
    why_secret_unreadable "It was stored under another master key, for example before the data was moved." "데이터를 옮기기 전처럼 다른 마스터 키로 저장된 값입니다.";
    why_builtin_unknown "This version of Sluice has no built-in server with this name." "이 버전의 Sluice에는 이 이름의 내장 서버가 없습니다.";
    why_url_invalid "The stored address cannot be used as it is." "저장된 주소를 그대로 쓸 수 없습니다.";
    why_command_invalid "The command holds more than a program's name." "명령에 프로그램 이름이 아닌 것이 들어 있습니다.";
    why_variable_name_invalid "A variable or header cannot be passed on as it is stored." "저장된 변수나 헤더를 그대로 전달할 수 없습니다.";
    why_unavailable "The cause lies in Sluice, not in the server." "서버가 아니라 Sluice에 원인이 있습니다.";

    // what the output of a process tells
    says_variable_named "It says that `{}` is not set." "`{}` 변수가 없다고 합니다.";
    says_variable "It says that an environment variable is not set." "환경 변수가 없다고 합니다.";
    says_package "It says that there is no such package, version or image." "그런 패키지, 버전, 이미지가 없다고 합니다.";
    says_module "It says that a part of the program is not installed." "프로그램의 일부가 설치되지 않았다고 합니다.";
    says_file "It says that a file or program that it needs is not there." "필요한 파일이나 프로그램이 없다고 합니다.";
    says_permission "It says that it may not read, write or run something." "읽기, 쓰기, 실행 권한이 없다고 합니다.";
    says_port "It says that its port is taken: another copy may be running." "포트를 이미 쓰고 있다고 합니다. 다른 프로세스가 실행 중일 수 있습니다.";
    says_network "It says that it cannot reach a host that it needs." "필요한 호스트에 연결할 수 없다고 합니다.";
    says_credentials "It says that a service refused its credentials." "외부 서비스가 인증 정보를 거부했다고 합니다.";
    says_arguments "It does not understand its arguments." "인자를 이해하지 못한다고 합니다.";
    says_docker "It says that Docker does not run, or that Sluice may not use it." "Docker가 실행되지 않거나 Sluice에 사용 권한이 없다고 합니다.";
    says_memory "It says that it ran out of memory." "메모리가 모자란다고 합니다.";
    says_runtime "It says that it needs a newer Node, Python or other runtime." "더 새로운 Node, Python 등이 필요하다고 합니다.";

    // steps, each with the name of its door
    do_read_output "Read the last lines that the process wrote: they usually name the reason." "프로세스가 마지막에 쓴 내용을 읽으십시오. 보통 원인이 적혀 있습니다.";
    go_read_output "Show output" "출력 보기";
    do_program "Check that the program is installed where Sluice runs and spelled right; an absolute path is safest." "프로그램이 Sluice가 실행되는 컴퓨터에 있고 이름이 맞는지 확인하십시오. 절대 경로가 가장 확실합니다.";
    go_program "Edit command" "명령 편집";
    do_arguments "Check the arguments: one on each line, with the right package name and version." "인자를 확인하십시오. 한 줄에 하나씩이며 패키지 이름과 버전이 맞아야 합니다.";
    go_arguments "Edit arguments" "인자 편집";
    do_directory "Check that the working directory exists there and that Sluice may use it." "작업 디렉터리가 있고 Sluice가 쓸 수 있는지 확인하십시오.";
    go_directory "Edit directory" "디렉터리 편집";
    do_variables "Add or renew the variables that the server needs, such as a token." "토큰처럼 서버에 필요한 변수를 추가하거나 새로 입력하십시오.";
    go_variables "Edit variables" "변수 편집";
    do_headers "Set a header with a valid credential, for example Authorization." "Authorization처럼 유효한 인증 정보가 담긴 헤더를 설정하십시오.";
    go_headers "Edit headers" "헤더 편집";
    do_address "Check the address: host, port and path." "주소의 호스트, 포트, 경로를 확인하십시오.";
    go_address "Edit address" "주소 편집";
    do_running "Check that what it connects to is running and can be reached from the machine where Sluice runs." "연결 대상이 실행 중이고 Sluice가 실행되는 컴퓨터에서 접근할 수 있는지 확인하십시오.";
    do_certificate "Have whoever runs the server renew its certificate for this host name." "서버 운영자에게 이 호스트 이름의 인증서를 갱신하도록 요청하십시오.";
    do_transport "Choose the other kind of remote server: streamable HTTP or SSE." "다른 원격 종류(streamable HTTP 또는 SSE)를 고르십시오.";
    go_transport "Change kind" "종류 변경";
    do_timeout "Raise the timeout if the server is slow by nature." "원래 느린 서버라면 제한 시간을 늘리십시오.";
    go_timeout "Edit timeout" "제한 시간 편집";
    do_initialize "Give the handshake more time; the next start is usually faster." "초기화 제한 시간을 늘리십시오. 다음 시작은 보통 더 빠릅니다.";
    go_initialize "Edit limit" "한도 편집";
    do_memory "Raise the memory limit, or remove it." "메모리 한도를 올리거나 없애십시오.";
    go_memory "Edit limit" "한도 편집";
    do_update "Use another version of the server; what it prints for people belongs on standard error." "서버의 다른 버전을 쓰십시오. 사람이 읽을 내용은 표준 오류에 써야 합니다.";
    go_update "Edit command" "명령 편집";
    do_builtin "Choose a built-in server of the list." "목록에서 내장 서버를 고르십시오.";
    go_builtin "Choose server" "서버 선택";
    do_sharing "Give each session or key a process of its own, so that one does not burden the others." "세션이나 키마다 프로세스를 따로 두어 서로 영향을 주지 않게 하십시오.";
    go_sharing "Edit sharing" "공유 방식 편집";
    do_network "Ask the operator to list the network under `outbound.allow` in the configuration." "운영자에게 설정의 `outbound.allow`에 네트워크를 추가하도록 요청하십시오.";
    do_commands "Ask the operator to set `stdio.enabled = true`." "운영자에게 `stdio.enabled = true` 설정을 요청하십시오.";
    do_master_key "Ask the operator to restore the master key under which the values were stored." "운영자에게 값을 저장할 때 쓴 마스터 키를 복원하도록 요청하십시오.";
    do_retype "Or type the values of its variables and headers again." "또는 변수와 헤더의 값을 다시 입력하십시오.";
    go_retype "Edit server" "서버 편집";
    do_repeat "Look whether the call took effect before you repeat one that changes something." "무언가를 바꾸는 호출이라면 다시 하기 전에 적용되었는지 확인하십시오.";
    do_less "Ask the tool for less at once: a limit, a page, fewer fields." "한도, 페이지, 필드 수를 줄여 한 번에 더 적게 요청하십시오.";
    do_client "Use a client that has the capability, or another tool of the server." "이 기능이 있는 클라이언트나 서버의 다른 도구를 쓰십시오.";
    do_wait "Wait a moment: Sluice tries again by itself." "잠시 기다리십시오. Sluice가 스스로 다시 시도합니다.";
    do_enable "Enable the server." "서버를 켜십시오.";
    go_enable "Enable" "켜기";
    do_log "Look at what the log says around the time of the failure." "실패한 시각 전후의 로그를 보십시오.";
    go_log "Open log" "로그 열기";
    do_restart "Start the server again and see whether it holds." "서버를 다시 시작하고 결과를 확인하십시오.";
    go_restart "Restart now" "지금 다시 시작";
    do_approval "Ask an administrator to approve the command again, or add a server of another one." "관리자에게 명령을 다시 승인해 달라고 하거나 다른 명령으로 서버를 추가하십시오.";
    do_values "Fill in the values that the command asks for now." "명령이 지금 요구하는 값을 채우십시오.";
    go_values "Edit values" "값 편집";
    do_shared "Ask an administrator of this installation: the server is shared, and its settings are theirs." "이 설치의 관리자에게 문의하십시오. 공유 서버의 설정은 관리자가 정합니다.";
    do_operator "If it stays so, tell the operator the time and the server's name." "계속되면 운영자에게 시각과 서버 이름을 알려 주십시오.";
}

impl Remedy {
    #[must_use]
    pub const fn list(&self, kind: ListKind) -> &'static str {
        match kind {
            ListKind::Tools => self.list_tools,
            ListKind::Resources => self.list_resources,
            ListKind::Templates => self.list_templates,
            ListKind::Prompts => self.list_prompts,
        }
    }

    /// What usually lies behind a failure; empty for what no server can be in.
    #[must_use]
    pub const fn why(&self, code: Code) -> &'static str {
        match code {
            Code::ServerDisabled => self.why_server_disabled,
            Code::CommandWithdrawn => self.why_command_withdrawn,
            Code::CommandUnfit => self.why_command_unfit,
            Code::SharedWithdrawn => self.why_shared_withdrawn,
            Code::SpawnFailed => self.why_spawn_failed,
            Code::ProcessExited => self.why_process_exited,
            Code::CrashLoop => self.why_crash_loop,
            Code::MemoryExceeded => self.why_memory_exceeded,
            Code::UpstreamDown => self.why_upstream_down,
            Code::ConnectFailed => self.why_connect_failed,
            Code::AddressForbidden => self.why_address_forbidden,
            Code::TlsFailed => self.why_tls_failed,
            Code::HttpStatus => self.why_http_status,
            Code::UpstreamUnauthorized => self.why_upstream_unauthorized,
            Code::WrongTransport => self.why_wrong_transport,
            Code::ProtocolViolation => self.why_protocol_violation,
            Code::UpstreamTimeout => self.why_upstream_timeout,
            Code::InitializeTimeout => self.why_initialize_timeout,
            Code::ConnectionLost => self.why_connection_lost,
            Code::TooLargeMessage => self.why_too_large_message,
            Code::ClientCannot => self.why_client_cannot,
            Code::UpstreamBusy => self.why_upstream_busy,
            Code::SessionUnknown => self.why_session_unknown,
            Code::StdioDisabled => self.why_stdio_disabled,
            Code::SecretUnreadable => self.why_secret_unreadable,
            Code::BuiltinUnknown => self.why_builtin_unknown,
            Code::UrlInvalid => self.why_url_invalid,
            Code::CommandInvalid => self.why_command_invalid,
            Code::VariableNameInvalid | Code::VariableValueInvalid | Code::VariableForbidden => {
                self.why_variable_name_invalid
            }
            Code::Unavailable | Code::Internal => self.why_unavailable,
            _ => "",
        }
    }

    /// What the output of the process tells.
    #[must_use]
    pub fn cause(&self, cause: &Cause) -> String {
        let known = match cause {
            Cause::Variable(Some(name)) => return self.says_variable_named.replace("{}", name),
            Cause::Variable(None) => self.says_variable,
            Cause::Package => self.says_package,
            Cause::Module => self.says_module,
            Cause::File => self.says_file,
            Cause::Permission => self.says_permission,
            Cause::Port => self.says_port,
            Cause::Network => self.says_network,
            Cause::Credentials => self.says_credentials,
            Cause::Arguments => self.says_arguments,
            Cause::Docker => self.says_docker,
            Cause::Memory => self.says_memory,
            Cause::Runtime => self.says_runtime,
        };
        known.to_owned()
    }

    /// A step, and what its link or button says; empty where it has none.
    #[must_use]
    pub const fn step(&self, step: Step) -> (&'static str, &'static str) {
        match step {
            Step::ReadOutput => (self.do_read_output, self.go_read_output),
            Step::Program => (self.do_program, self.go_program),
            Step::Arguments => (self.do_arguments, self.go_arguments),
            Step::Directory => (self.do_directory, self.go_directory),
            Step::Variables => (self.do_variables, self.go_variables),
            Step::Headers => (self.do_headers, self.go_headers),
            Step::Address => (self.do_address, self.go_address),
            Step::Running => (self.do_running, ""),
            Step::Certificate => (self.do_certificate, ""),
            Step::Transport => (self.do_transport, self.go_transport),
            Step::Timeout => (self.do_timeout, self.go_timeout),
            Step::Initialize => (self.do_initialize, self.go_initialize),
            Step::Memory => (self.do_memory, self.go_memory),
            Step::Update => (self.do_update, self.go_update),
            Step::Builtin => (self.do_builtin, self.go_builtin),
            Step::Sharing => (self.do_sharing, self.go_sharing),
            Step::Network => (self.do_network, ""),
            Step::Commands => (self.do_commands, ""),
            Step::MasterKey => (self.do_master_key, ""),
            Step::Retype => (self.do_retype, self.go_retype),
            Step::Repeat => (self.do_repeat, ""),
            Step::Less => (self.do_less, ""),
            Step::Client => (self.do_client, ""),
            Step::Wait => (self.do_wait, ""),
            Step::Enable => (self.do_enable, self.go_enable),
            Step::Log => (self.do_log, self.go_log),
            Step::Restart => (self.do_restart, self.go_restart),
            Step::Operator => (self.do_operator, ""),
            Step::Shared => (self.do_shared, ""),
            Step::Approval => (self.do_approval, ""),
            Step::Values => (self.do_values, self.go_values),
        }
    }
}
