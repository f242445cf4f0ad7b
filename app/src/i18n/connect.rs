//! The texts of connecting clients.

use domain::client::Client;

use super::Locale;

texts! { Connect;
    connect_client "Connect a client" "클라이언트 연결";
    lead "Pick a client and copy what it needs." "클라이언트를 고르고 필요한 내용을 복사하십시오.";
    clients "Clients" "클라이언트";
    target "Address" "주소";
    target_all "All servers as one" "모든 서버를 하나로";
    target_show "Show" "보기";
    server_gone "There is no enabled server of this name, so this is for all servers as one." "이 이름의 사용 중인 서버가 없어 모든 서버를 하나로 연결합니다.";

    key "Key" "키";
    key_lead "Keys are shown once, so each client gets one of its own: it can be revoked alone." "키는 한 번만 보여 주므로 클라이언트마다 따로 만듭니다. 그러면 하나만 폐기할 수 있습니다.";
    key_create "Create key for {}" "{}용 키 만들기";
    key_ready "The key {} is in the configuration below" "아래 설정에 {} 키가 들어 있습니다";
    key_once "It is shown this once. Copy the configuration now, or create another key later." "지금 한 번만 보여 줍니다. 지금 설정을 복사하거나 나중에 다른 키를 만드십시오.";
    key_ask "Developers and Owners create keys. Ask one of them, and put the key in place of slu_…" "키는 개발자와 소유자가 만듭니다. 키를 받아 slu_… 자리에 넣으십시오.";
    key_variable "Take the key from the variable SLUICE_KEY" "SLUICE_KEY 변수에서 키 읽기";
    key_written "Write the key into the configuration" "설정에 키를 직접 쓰기";
    open_project "This project is open: clients need no key." "공개 프로젝트이므로 클라이언트에 키가 필요하지 않습니다.";

    configuration "Configuration" "설정";
    command "Command" "명령";
    program "Program" "프로그램";
    file "File" "파일";
    add_to "Add to {}" "{}에 추가";
    download "Download" "내려받기";
    by_command "Or let Sluice write it" "또는 Sluice가 직접 쓰기";
    by_command_lead "Adds the entry to the client's file, keeps a backup beside it, and takes it back with --undo. It reads the key from standard input." "클라이언트 파일에 항목을 추가하고 옆에 백업을 남깁니다. --undo로 되돌립니다. 키는 표준 입력에서 읽습니다.";
    next "What to do next" "다음 단계";

    check "Live check" "연결 확인";
    waiting "Waiting for the first call…" "첫 호출을 기다리는 중…";
    waiting_lead "This changes by itself as soon as the client connects." "클라이언트가 연결되면 저절로 바뀝니다.";
    wait_for "Wait for calls with" "기다릴 키";
    any_key "Any key" "모든 키";
    waiting_for "Waiting for the first call with {}…" "{} 키의 첫 호출을 기다리는 중…";
    check_now "Check now" "지금 확인";
    connected "Connected" "연결됨";
    connected_as "Connected: {}" "연결됨: {}";
    last_seen "Last heard of" "마지막 요청";
    with_key "Key" "키";
}

impl Connect {
    /// The one step that is left once the client has its configuration.
    #[must_use]
    pub fn next_step(&self, client: Client) -> &'static str {
        let (english, korean) = match client {
            Client::Cline => (
                "In Cline, open MCP Servers › Configure › Configure MCP Servers, merge this in and save. Cline connects at once.",
                "Cline에서 MCP Servers › Configure › Configure MCP Servers를 열어 합치고 저장하십시오. 바로 연결됩니다.",
            ),
            Client::Cursor => (
                "Use the button, or merge this into the file. Then check Settings › Tools & MCP for a green dot.",
                "버튼을 누르거나 파일에 합친 다음 Settings › Tools & MCP에서 초록색 점을 확인하십시오.",
            ),
            Client::ClaudeCode => (
                "Run the command in your project. Then /mcp in Claude Code shows the server.",
                "프로젝트에서 명령을 실행하십시오. Claude Code의 /mcp에서 서버를 볼 수 있습니다.",
            ),
            Client::ClaudeDesktop => (
                "Open Settings › Developer › Edit Config, merge this in, then quit and start Claude Desktop. It needs Node.js.",
                "Settings › Developer › Edit Config에서 합친 다음 Claude Desktop을 종료하고 다시 시작하십시오. Node.js가 필요합니다.",
            ),
            Client::VsCode => (
                "Use the button, or run MCP: Open User Configuration and merge this in. Then start the server above its entry.",
                "버튼을 누르거나 MCP: Open User Configuration을 실행해 합친 다음 항목 위의 Start를 누르십시오.",
            ),
            Client::Windsurf => (
                "Merge this into the file, then press Refresh in Cascade's MCP panel.",
                "파일에 합친 다음 Cascade의 MCP 패널에서 Refresh를 누르십시오.",
            ),
            Client::Codex => (
                "Add this to the file and start Codex anew. /mcp lists the server.",
                "파일에 추가하고 Codex를 다시 시작하십시오. /mcp에서 서버를 볼 수 있습니다.",
            ),
            Client::Inspector => (
                "Run the command: it lists the tools. Without --cli it opens in the browser.",
                "명령을 실행하면 도구 목록을 보여 줍니다. --cli를 빼면 브라우저에서 열립니다.",
            ),
            Client::Langflow => (
                "In Settings › MCP Servers › Add MCP Server › JSON, paste this. The tools then appear in the MCP sidebar.",
                "Settings › MCP Servers › Add MCP Server › JSON에 붙여 넣으십시오. MCP 사이드바에 도구가 나타납니다.",
            ),
            Client::Flowise => (
                "In a Custom MCP tool, paste this as MCP Server Config and refresh Available Actions.",
                "Custom MCP 도구의 MCP Server Config에 붙여 넣고 Available Actions를 새로 고치십시오.",
            ),
            Client::AutoGen => (
                "Install autogen-ext[mcp] and run the program: it lists the tools. Give the workbench to your agent.",
                "autogen-ext[mcp]를 설치하고 실행하면 도구 목록을 보여 줍니다. 워크벤치를 에이전트에 넘기십시오.",
            ),
            Client::LangChain => (
                "Install langchain-mcp-adapters and run the program: it lists the tools. Give them to your agent.",
                "langchain-mcp-adapters를 설치하고 실행하면 도구 목록을 보여 줍니다. 도구를 에이전트에 넘기십시오.",
            ),
            Client::Curl => {
                ("Run the command: it lists the tools.", "명령을 실행하면 도구 목록을 보여 줍니다.")
            }
        };
        match self.locale {
            Locale::English => english,
            Locale::Korean => korean,
        }
    }
}
