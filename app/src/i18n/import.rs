//! Texts of importing a project's configuration.

use domain::plan::{Deed, HoleState, Thing};

use super::Locale;

texts! { Import;
    title "Import a file" "파일 가져오기";
    lead "Brings this project's servers in line with a file. The preview shows what would change before anything does." "파일에 맞게 이 프로젝트의 서버를 바꿉니다. 바꾸기 전에 미리 보기로 변경 내용을 확인합니다.";
    file "Configuration" "설정";
    file_hint "YAML as exported here or for sluice apply, or a client's mcpServers JSON." "이 화면에서 내보내거나 sluice apply에 쓰는 YAML, 또는 클라이언트의 mcpServers JSON입니다.";
    choose_file "Read from a file" "파일에서 읽기";
    settings "Settings too" "프로젝트 설정도 적용";
    settings_hint "Name, description, logging and access. The address stays." "이름, 설명, 기록, 접근 방식을 바꿉니다. 주소는 그대로입니다.";
    remove "Remove what the file does not have" "파일에 없는 항목 제거";
    remove_hint "Servers and tool rules; members and keys always stay." "서버와 도구 규칙을 제거합니다. 구성원과 키는 항상 그대로입니다.";
    preview "Preview" "미리 보기";
    apply "Apply changes" "변경 적용";
    nothing "Nothing would change" "바뀌는 내용이 없습니다";
    nothing_body "The project is as the file says." "프로젝트가 이미 파일과 같습니다.";
    holes "Secrets" "비밀 값";
    holes_lead "The file names them and does not hold them. Values are stored encrypted." "파일에는 이름만 있습니다. 값은 암호화하여 저장합니다.";
    for_places "For {}" "사용 위치: {}";
    notes "Left out" "제외한 항목";
    applied "The file was applied" "파일을 적용했습니다";
    stays "{} stay as they are" "변경 없음 {}개";
    before "Before" "변경 전";
    after "After" "변경 후";
    field "Field" "항목";
    export_link "Import a file…" "파일 가져오기…";
    export_hint "YAML or mcpServers JSON, with a preview of what would change." "YAML 또는 mcpServers JSON을 미리 보기로 확인한 뒤 적용합니다.";
}

impl Import {
    #[must_use]
    pub const fn deed(&self, deed: Deed) -> &'static str {
        match (deed, self.locale) {
            (Deed::Add, Locale::English) => "Add",
            (Deed::Add, Locale::Korean) => "추가",
            (Deed::Change, Locale::English) => "Change",
            (Deed::Change, Locale::Korean) => "변경",
            (Deed::Remove, Locale::English) => "Remove",
            (Deed::Remove, Locale::Korean) => "제거",
            (Deed::Keep, Locale::English) => "Keep",
            (Deed::Keep, Locale::Korean) => "유지",
        }
    }

    #[must_use]
    pub const fn thing(&self, thing: Thing) -> &'static str {
        match (thing, self.locale) {
            (Thing::Project, Locale::English) => "Project",
            (Thing::Project, Locale::Korean) => "프로젝트",
            (Thing::Server, Locale::English) => "Server",
            (Thing::Server, Locale::Korean) => "서버",
            (Thing::Tool, Locale::English) => "Tool rule",
            (Thing::Tool, Locale::Korean) => "도구 규칙",
        }
    }

    /// What an empty field of a secret means.
    #[must_use]
    pub const fn hole(&self, state: HoleState) -> &'static str {
        match (state, self.locale) {
            (HoleState::Needed, Locale::English) => "Needed",
            (HoleState::Needed, Locale::Korean) => "필요",
            (HoleState::Stored, Locale::English) => "Stored; empty keeps it",
            (HoleState::Stored, Locale::Korean) => "저장됨, 비우면 유지",
            (HoleState::Given, Locale::English) => "In the file; empty takes it",
            (HoleState::Given, Locale::Korean) => "파일에 있음, 비우면 그 값 사용",
        }
    }
}
