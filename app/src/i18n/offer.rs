//! Texts of a server's resources and prompts, and of trying them.

use super::{Locale, group};

texts! { Offers;
    resources "Resources" "리소스";
    prompts "Prompts" "프롬프트";
    resources_empty "No resources known" "알려진 리소스가 없습니다";
    resources_empty_body "Servers offer files, records and other data as resources. This one listed none when it was last read." "서버는 파일, 레코드 등의 데이터를 리소스로 제공합니다. 마지막으로 읽었을 때 이 서버의 목록은 비어 있었습니다.";
    prompts_empty "No prompts known" "알려진 프롬프트가 없습니다";
    prompts_empty_body "Servers offer ready-made messages as prompts. This one listed none when it was last read." "서버는 미리 만든 메시지를 프롬프트로 제공합니다. 마지막으로 읽었을 때 이 서버의 목록은 비어 있었습니다.";
    template "template" "템플릿";
    optional "optional" "선택";
    no_arguments "no arguments" "인자 없음";
    read "Read" "읽기";
    get "Get messages" "메시지 받기";
    read_one "Read {}" "{} 읽기";
    get_one "Prompt {}" "프롬프트 {}";
    read_lead "Your browser is the MCP client here: it reads the resource as any client would." "브라우저가 MCP 클라이언트가 되어 다른 클라이언트와 똑같이 리소스를 읽습니다.";
    get_lead "Your browser is the MCP client here: it gets the messages as any client would." "브라우저가 MCP 클라이언트가 되어 다른 클라이언트와 똑같이 메시지를 받습니다.";
    fill "Variables" "변수";
    nothing_to_fill "There is nothing to fill in." "입력할 내용이 없습니다.";
    not_listed "It is not in the server's list any more" "이제 서버 목록에 없습니다";
    not_listed_next "It may still be there: open the list and look for it under another name." "다른 이름일 수 있으니 목록에서 찾아보십시오.";
    user "user" "사용자";
    assistant "assistant" "어시스턴트";
    save "Save {}" "{} 저장";
}

impl Offers {
    /// A number of bytes, in the unit that people think in.
    #[must_use]
    pub fn size(&self, bytes: u64) -> String {
        const KIB: u64 = 1_024;
        match (bytes, self.locale) {
            (0..KIB, Locale::English) => format!("{bytes} bytes"),
            (0..KIB, Locale::Korean) => format!("{bytes}바이트"),
            (KIB..1_048_576, _) => format!("{} KiB", group(bytes.div_ceil(KIB))),
            _ => format!("{} MiB", group(bytes.div_ceil(KIB * KIB))),
        }
    }
}
