//! Texts of templates: what new projects begin with.

use domain::template::Starter;

use super::Locale;

texts! { Templates;
    templates "Templates" "템플릿";
    lead "What new projects of this organization may begin with. Save one in the settings of a project." "이 조직의 새 프로젝트를 시작할 때 쓰는 템플릿입니다. 프로젝트 설정에서 저장합니다.";
    empty "No templates yet" "템플릿이 없습니다";
    empty_body "Open the settings of a project that is set up well and save it as a template. Secrets, members, keys and logs are not kept." "잘 갖춰진 프로젝트의 설정에서 템플릿으로 저장하십시오. 비밀 값, 구성원, 키, 로그는 담기지 않습니다.";
    see_projects "See projects" "프로젝트 보기";
    saved "Saved" "저장";
    begin "New project" "새 프로젝트";
    begin_with "New project from {}" "{} 템플릿으로 새 프로젝트";
    change_named "Change {}" "{} 템플릿 변경";
    delete_lead "Projects that began with {} stay as they are." "{} 템플릿으로 시작한 프로젝트는 그대로 남습니다.";
    delete_named "Delete {}" "{} 삭제";
    save_title "Template" "템플릿";
    save_lead "Keeps the servers and the rules of their tools for new projects. Secrets become named holes; members, keys, logs and access are left out." "새 프로젝트에 쓸 수 있도록 서버와 도구 규칙을 담아 둡니다. 비밀 값은 이름만 남고 구성원, 키, 로그, 접근 방식은 빠집니다.";
    save "Save as template" "템플릿으로 저장";
    description "Description" "설명";
    description_hint "What it is good for. Optional." "어디에 쓰는지 적습니다. 선택 사항입니다.";
    begin_label "Begin with" "시작 템플릿";
    blank "Blank" "빈 프로젝트";
    blank_body "Nothing yet. Add servers afterwards." "아무것도 없이 시작하고 서버는 나중에 추가합니다.";
    servers "Servers" "서버";
    servers_lead "Choose those to create. Secrets are needed for these only." "만들 서버를 고르십시오. 고른 서버의 비밀 값만 필요합니다.";
    no_servers "This template has no servers." "이 템플릿에는 서버가 없습니다.";
    left_out "Left out." "제외됩니다.";
    holes_hint "Values are stored encrypted." "값은 암호화하여 저장합니다.";
    of_organization "The template belongs to this organization." "이 조직의 템플릿입니다.";
}

impl Templates {
    /// The name of what comes with Sluice, and what it is for.
    #[must_use]
    pub const fn starter(&self, starter: Starter) -> (&'static str, &'static str) {
        match (starter, self.locale) {
            (Starter::LocalTools, Locale::English) => {
                ("Local tools", "Servers that run beside Sluice: its own toolbox, a memory and more.")
            }
            (Starter::LocalTools, Locale::Korean) => (
                "로컬 도구",
                "Sluice 옆에서 실행하는 서버입니다. 내장 도구 상자와 기억 저장소 등이 있습니다.",
            ),
            (Starter::TeamKnowledge, Locale::English) => {
                ("Team knowledge", "Public servers that search documentation, wikis and repositories.")
            }
            (Starter::TeamKnowledge, Locale::Korean) => {
                ("팀 지식", "문서, 위키, 저장소를 검색하는 공개 서버입니다.")
            }
        }
    }
}
