/// The look of pages of tests.
enum TestPageStyle {
  static let sheet = """
    :root { --page: #ffffff; --text: #1f2328; --faint: #5b6570; --line: #d5dce4; --soft: #f6f8fa;
      --passed: #1a7f4b; --failed: #cf222e; --skipped: #8a6100; --began: #8250df;
      --removed: #ffe4e1; --added: #dcf5e5; }
    @media (prefers-color-scheme: dark) {
      :root { --page: #0d1117; --text: #e6edf3; --faint: #9aa6b2; --line: #30363d; --soft: #161b22;
        --passed: #3fb970; --failed: #ff6b63; --skipped: #e0b34a; --began: #b18cff;
        --removed: #45191b; --added: #113322; }
    }
    * { box-sizing: border-box; }
    body { margin: 0 auto; max-width: 1080px; padding: 24px; background: var(--page);
      color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
    input[name=only] { position: absolute; opacity: 0; }
    h1 { font-size: 24px; margin: 0 0 8px; }
    h2 { font-size: 18px; margin: 32px 0 8px; border-bottom: 1px solid var(--line); }
    h2 small { color: var(--faint); font-weight: 400; font-size: 13px; }
    h3 { font-size: 13px; margin: 16px 0 6px; color: var(--faint); }
    .counts label { display: inline-block; padding: 2px 12px; border: 1px solid var(--line);
      border-radius: 14px; cursor: pointer; }
    .counts .passed, .passed > summary .mark { color: var(--passed); }
    .counts .failed, .failed > summary .mark, .error { color: var(--failed); }
    .counts .skipped, .skipped > summary .mark { color: var(--skipped); }
    .counts span, .time, .kind, .place, .legend, .reason { color: var(--faint); font-size: 13px; }
    .error { font-size: 13px; }
    #only-all:checked ~ header label[for=only-all],
    #only-passed:checked ~ header label[for=only-passed],
    #only-failed:checked ~ header label[for=only-failed],
    #only-skipped:checked ~ header label[for=only-skipped] {
      border-color: currentColor; font-weight: 600; background: var(--soft); }
    input[name=only]:focus-visible ~ header .counts { outline: 2px solid var(--began); }
    #only-passed:checked ~ main .test:not(.passed),
    #only-passed:checked ~ main section:not(:has(> .passed)),
    #only-failed:checked ~ main .test:not(.failed),
    #only-failed:checked ~ main section:not(:has(> .failed)),
    #only-skipped:checked ~ main .test:not(.skipped),
    #only-skipped:checked ~ main section:not(:has(> .skipped)) { display: none; }
    .share { display: flex; height: 6px; border-radius: 3px; overflow: hidden; margin: 8px 0; }
    .share .passed { background: var(--passed); }
    .share .failed { background: var(--failed); }
    .share .skipped { background: var(--skipped); }
    .test { border: 1px solid var(--line); border-left: 4px solid var(--line);
      border-radius: 6px; margin: 8px 0; padding: 8px 14px; }
    .test.passed { border-left-color: var(--passed); }
    .test.failed { border-left-color: var(--failed); }
    .test.skipped { border-left-color: var(--skipped); }
    summary { cursor: pointer; }
    .test > summary .name { font-weight: 600; }
    .failure { border-left: 2px solid var(--failed); padding-left: 12px; margin: 12px 0; }
    .failure p { margin: 4px 0; }
    pre, code, .timeline text { font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono",
      monospace; }
    pre { font-size: 12.5px; line-height: 1.45; background: var(--soft); padding: 8px 10px;
      border-radius: 6px; overflow-x: auto; margin: 6px 0; tab-size: 2; }
    code { font-size: 13px; }
    .source i { color: var(--faint); font-style: normal; user-select: none; }
    .source .failing { background: var(--removed); }
    .source .caret { color: var(--failed); font-weight: 700; }
    .difference span { display: inline-block; min-width: 100%; }
    .difference .expected { background: var(--removed); }
    .difference .found { background: var(--added); }
    .difference .same { color: var(--faint); }
    .states { list-style: none; display: flex; flex-wrap: wrap; gap: 4px; padding: 0; margin: 0; }
    .states li { border: 1px solid var(--line); border-radius: 12px; padding: 1px 10px;
      font-size: 13px; background: var(--soft); }
    .states li:not(:last-child)::after { content: " →"; color: var(--faint); }
    .item { border-bottom: 1px solid var(--line); padding: 3px 0; }
    .item .status { font-size: 12px; color: var(--passed); }
    .item.failed .status { color: var(--failed); }
    .item.skipped .status, .item.began .status { color: var(--skipped); }
    .json { margin-left: 16px; }
    .json > summary { color: var(--faint); font-size: 13px; }
    .wide { overflow-x: auto; }
    .timeline { width: 100%; min-width: 720px; display: block; }
    .timeline text { font-size: 11px; fill: var(--text); }
    .timeline .faint { fill: var(--faint); }
    .timeline .owner { font-weight: 700; }
    .timeline .tick { stroke: var(--line); }
    .timeline.virtual .tick { stroke-dasharray: 2 4; }
    .timeline .bar, .timeline .moment { fill: var(--passed); }
    .timeline .failed .bar, .timeline .failed .moment { fill: var(--failed); }
    .timeline .failed .name { fill: var(--failed); font-weight: 700; }
    .timeline .skipped .bar { fill: var(--skipped); }
    .timeline .began .bar { fill: var(--began); }
    .timeline .moment { fill: var(--faint); }
    @media print { .counts label { border: 0; } }
    """
}
