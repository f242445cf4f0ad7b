//! Texts of approved commands: where they are kept, and where they are used.

use super::{Locale, group};

texts! { Commands;
    commands "Approved commands" "승인된 명령";
    lead "Commands that Owners and Developers of any project may run on this machine, with the values that you let them fill in." "모든 프로젝트의 Owner와 Developer가 이 컴퓨터에서 실행할 수 있는 명령입니다. 허용한 값만 채울 수 있습니다.";
    empty "No command is approved" "승인된 명령이 없습니다";
    empty_body "Without one, only platform administrators may add servers that are commands." "승인된 명령이 없으면 플랫폼 관리자만 명령으로 된 서버를 추가할 수 있습니다.";
    new "Approve a command" "명령 승인";
    edit "Change {}" "{} 변경";
    follow "Servers of this command are started anew with it as soon as you save." "저장하면 이 명령의 서버가 바로 새 내용으로 다시 시작됩니다.";
    program "Program" "프로그램";
    program_hint "A name in the search path, or an absolute path. It cannot have holes." "검색 경로의 이름 또는 절대 경로입니다. 빈칸을 둘 수 없습니다.";
    args_hint "One argument a line. {name} is a hole that members fill: a whole argument or a part of one. There is no shell." "한 줄에 인자 하나입니다. {name}은 구성원이 채우는 빈칸이며 인자 전체 또는 일부입니다. 셸을 거치지 않습니다.";
    holes "Holes" "빈칸";
    holes_hint "What members fill in. Give values to choose from, or a pattern (a regular expression of the whole value). Free values may not begin with - or contain .. as a folder." "구성원이 채우는 값입니다. 고를 값을 적거나 패턴(값 전체의 정규식)을 적습니다. 자유로운 값은 -로 시작하거나 폴더로 ..를 쓸 수 없습니다.";
    variables "Variables" "변수";
    variables_hint "Environment variables that members give. They may set no others." "구성원이 값을 주는 환경 변수입니다. 다른 변수는 정할 수 없습니다.";
    hole "Hole {}" "빈칸 {}";
    of_hole "of hole {}" "(빈칸 {})";
    variable "Variable {}" "변수 {}";
    of_variable "of variable {}" "(변수 {})";
    hole_name "Name" "이름";
    says "What to fill in" "채울 내용";
    pattern "Pattern" "패턴";
    values "Values, one a line" "값(한 줄에 하나)";
    optional "Optional" "선택 항목";
    secret "Secret" "비밀 값";
    state "State" "상태";
    approved "Approved" "승인됨";
    withdrawn "Withdrawn" "철회됨";
    used "Servers" "서버";
    used_none "No server is of this command." "이 명령의 서버가 없습니다.";
    withdraw "Withdraw {}" "{} 철회";
    withdraw_lead "Nobody can use it any more, and its servers are stopped at once." "더 이상 쓸 수 없고 이 명령의 서버가 바로 멈춥니다.";
    approve "Approve {} again" "{} 다시 승인";
    approve_lead "It was withdrawn: its servers are stopped and nobody can add one." "철회된 명령입니다. 서버가 멈춰 있고 새로 추가할 수 없습니다.";
    delete "Delete {}" "{} 삭제";
    delete_lead "No server is of it. This cannot be undone." "이 명령의 서버가 없습니다. 되돌릴 수 없습니다.";
    delete_used "It can be deleted when no server is of it." "이 명령의 서버가 없을 때 삭제할 수 있습니다.";
    choose_lead "Your administrators approved these commands for servers of this project." "관리자가 이 프로젝트의 서버에 쓸 수 있도록 승인한 명령입니다.";
    choose "Use {}" "{} 사용";
    of "Approved command" "승인된 명령";
    of_lead "Only the values below can be set; the rest belongs to the administrators of this installation." "아래 값만 정할 수 있으며 나머지는 이 설치의 관리자가 정합니다.";
    another "Something else" "다른 서버";
    unknown "There is no such approved command" "그런 승인된 명령이 없습니다";
    unknown_next "It may have been withdrawn. Choose another one." "철회되었을 수 있습니다. 다른 명령을 고르십시오.";
    choose_value "Choose…" "선택…";
    clear "Remove the stored value of {}" "저장된 {} 값 삭제";
}

impl Commands {
    #[must_use]
    pub fn holes_count(&self, n: usize) -> String {
        let n = n as u64;
        match (self.locale, n) {
            (Locale::English, 1) => "1 hole".to_owned(),
            (Locale::English, _) => format!("{} holes", group(n)),
            (Locale::Korean, _) => format!("빈칸 {}개", group(n)),
        }
    }
}
