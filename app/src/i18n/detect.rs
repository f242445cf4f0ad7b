//! Texts of adding a server by what a manual gives.

use domain::{detect::Note, server::Transport};

use super::{Locale, text};

texts! { Detect;
    source "Paste an address or a command" "주소나 명령 붙여넣기";
    hint "From the server's manual: https://…/mcp, npx -y …, uvx …, docker run …, claude mcp add …, or JSON. Nothing is started before you say so." "서버 설명서에 있는 https://…/mcp, npx -y …, uvx …, docker run …, claude mcp add …, JSON을 그대로 붙여 넣으십시오. 확인하기 전에는 아무것도 실행하지 않습니다.";
    fill "Fill in the form" "양식 채우기";
    found "The form is filled in: check it, then create the server" "양식을 채웠습니다. 확인한 뒤 서버를 만드십시오";
    yes "`-y` was added, because nobody is there to answer npx." "npx의 물음에 답할 사람이 없으므로 `-y`를 추가했습니다.";
    unwrapped "The address behind `mcp-remote` is used directly: Sluice needs no helper for it." "`mcp-remote` 뒤의 주소를 직접 사용합니다. Sluice에는 중계 프로그램이 필요하지 않습니다.";
    sealed "Moved from the arguments to the variables, which are stored encrypted: {}." "암호화하여 저장하도록 인자에서 변수로 옮겼습니다: {}.";
    open "Values that you have yet to type: {}." "값을 입력해야 합니다: {}.";
    found_at "The server answered at `{}`." "서버가 `{}`에서 응답했습니다.";
    not_started "The command was not started. Test connection starts it once." "명령은 실행하지 않았습니다. 연결 확인을 누르면 한 번 실행합니다.";
}

impl Detect {
    #[must_use]
    pub fn note(&self, note: &Note) -> String {
        let list = |names: &[String]| names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
        match note {
            Note::Yes => self.yes.to_owned(),
            Note::Unwrapped => self.unwrapped.to_owned(),
            Note::Sealed(names) => self.sealed.replace("{}", &list(names)),
            Note::Open(names) => self.open.replace("{}", &list(names)),
            Note::Found(names) => {
                let mut names = names.iter();
                let at = self.found_at.replace("{}", names.next().map_or("", String::as_str));
                let over = names.next().and_then(|name| name.parse::<Transport>().ok());
                match (over, self.locale) {
                    (Some(over), Locale::English) => format!("{at} It speaks: {}.", text().transport(over)),
                    (Some(over), Locale::Korean) => format!("{at} 종류: {}.", text().transport(over)),
                    (None, _) => at,
                }
            }
        }
    }
}
