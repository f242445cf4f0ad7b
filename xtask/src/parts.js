import { initSync } from "./sluice.js";

let shared;
const modules = new Map();

// Each module of a part once, whichever parts it comes with.
function instantiate(pack, name) {
	if (!modules.has(name)) {
		const [bytes] = WebAssembly.Module.customSections(pack, name);
		const instance = WebAssembly.instantiate(bytes, shared);
		modules.set(name, instance);
		instance.catch(() => modules.delete(name));
	}
	return modules.get(name);
}

async function load(part, names) {
	const pack = await WebAssembly.compileStreaming(fetch(new URL(`./${part}.wasm`, import.meta.url)));
	shared ??= { __wasm_split: { ...CANARY, ...initSync() } };
	// The part itself is the last: the others are what it stands on.
	await Promise.all(names.slice(0, -1).map((name) => instantiate(pack, name)));
	await instantiate(pack, names.at(-1));
}

function loader(part, names) {
	let loaded;
	return async (callback, data) => {
		loaded ??= load(part, names);
		const done = await loaded.then(
			() => true,
			(error) => {
				console.warn(`sluice: ${part} does not load`, error);
				loaded = undefined; // asked for again, it is tried again
				return false;
			},
		);
		initSync().__indirect_function_table.get(callback)(data, done);
	};
}

