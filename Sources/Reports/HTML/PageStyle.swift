/// How a report looks: light, dark, narrow, wide and on paper.
///
/// Colours that can be told apart by the colour-blind: those of M. Okabe and K. Ito, "Color Universal Design", 2008, darker or
/// lighter as the background asks; the second four are dashed as well.
enum PageStyle {
  /// The style sheet.
  static let text = """
    :root { --page: #fff; --ink: #1b1f24; --dim: #57606a; --line: #d0d7de; --good: #1a7f37; --bad: #b42318; --warning: #8a5a00;
      --heat-ink: #d55e00; --s0: #0072b2; --s1: #d55e00; --s2: #00795a; --s3: #a8497f; --s4: #8f6a00; --s5: #2a7fa8; --s6: #5b4bb5; --s7: #444; }
    @media screen and (prefers-color-scheme: dark) {
      :root { --page: #0d1117; --ink: #e6edf3; --dim: #9da7b3; --line: #30363d; --good: #56d364; --bad: #ff7b72; --warning: #e3b341;
        --heat-ink: #d55e00; --s0: #56b4e9; --s1: #ff9d4d; --s2: #2fd0a0; --s3: #e39ac4; --s4: #f0e442; --s5: #8fd0f5; --s6: #b3a5ff; --s7: #bbb; }
    }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
    main { max-width: 1168px; margin: 0 auto; padding: 1rem; }
    h1 { font-size: 1.5rem; margin: .5rem 0; overflow-wrap: anywhere; }
    h2 { font-size: 1.15rem; margin: 1.8rem 0 .5rem; border-bottom: 1px solid var(--line); }
    p, li { overflow-wrap: anywhere; } ul { padding-left: 1.4rem; }
    .good { color: var(--good); } .bad { color: var(--bad); } .warning { color: var(--warning); }
    p.good, p.bad, p.warning { font-weight: 600; }
    .scroll { overflow-x: auto; margin: .5rem 0 1rem; }
    table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; }
    caption { text-align: left; color: var(--dim); padding: .2rem 0; }
    th, td { padding: .25rem .45rem; border-bottom: 1px solid var(--line); text-align: left; white-space: nowrap; vertical-align: top;
      background: color-mix(in srgb, var(--heat-ink) var(--heat, 0%), var(--page)); }
    .prose { white-space: normal; min-width: min(14rem, 50vw); overflow-wrap: anywhere; }
    thead th, .words, .split { white-space: normal; } .split span { white-space: pre; display: inline-block; }
    thead th { border-bottom-width: 2px; } tbody th { font-weight: 500; } .right { text-align: right; }
    figure { margin: .5rem 0 1rem; } .plot { overflow-x: auto; } svg { width: 100%; min-width: 560px; height: auto; max-width: 900px; display: block; }
    svg text { font: 12px system-ui, sans-serif; fill: var(--dim); }
    .grid { stroke: var(--line); stroke-width: 1; } .marker { stroke: var(--bad); stroke-dasharray: 4 3; }
    .curve { fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round; } polygon.floor { fill: var(--line); stroke: none; }
    figcaption { font-size: .875rem; color: var(--dim); } .key { display: inline-block; margin-left: .8rem; }
    .swatch { display: inline-block; width: 1.4rem; margin-right: .3rem; vertical-align: middle; border-top: .25rem solid currentColor; }
    .swatch.floor { border-top: .7rem solid var(--line); }
    .s0 { color: var(--s0); } .s1 { color: var(--s1); } .s2 { color: var(--s2); } .s3 { color: var(--s3); }
    .s4 { color: var(--s4); } .s5 { color: var(--s5); } .s6 { color: var(--s6); } .s7 { color: var(--s7); }
    .s4, .s5, .s6, .s7 { stroke-dasharray: 7 3; border-top-style: dashed; }
    pre { overflow-x: auto; padding: .6rem; border: 1px solid var(--line); font-size: .875rem; }
    summary { cursor: pointer; font-weight: 600; padding: .3rem 0; }
    :focus-visible { outline: 2px solid var(--s0); outline-offset: 2px; }
    @media print {
      :root { color-scheme: light; } body { font-size: 11pt; } main { max-width: none; padding: 0; }
      * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
      .scroll, .plot { overflow: visible; } table { font-size: 8pt; max-width: 100%; } th, td { padding: .15rem .3rem; white-space: normal; overflow-wrap: break-word; } .right:not(.split) { white-space: nowrap; }
      .prose { min-width: 0; overflow-wrap: anywhere; } tr, figure { break-inside: avoid; } h2, caption { break-after: avoid; }
      svg { min-width: 0; max-width: 16cm; } pre { white-space: pre-wrap; overflow-wrap: anywhere; }
      details:not([open]) > summary::after { content: " – folded, so not printed"; font-weight: 400; }
    }

    """
}
