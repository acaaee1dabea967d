using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using KpiStream.Bench.Fold;
using KpiStream.Bench.Micro;

// `decode` compares ways of decoding round by round in one process, which is what a shared machine allows; `fold` folds a crowd of cases; anything else
// goes to BenchmarkDotNet.
if (args is ["decode", .. var rest])
{
    return SideBySide.Run(rest.Length > 0 ? int.Parse(rest[0]) : SideBySide.DefaultRounds, rest.ElementAtOrDefault(1) ?? "");
}

if (args is ["fold", .. var crowd])
{
    return FoldBench.Run(crowd);
}

// In this process, because the child projects that BenchmarkDotNet writes by itself do not build under this repository's rules. A job on the command line
// takes the place of the medium one.
string[] wanted = [.. args, "--inProcess", .. args.Contains("--job") ? Array.Empty<string>() : ["--job", "medium"]];
BenchmarkSwitcher.FromAssembly(typeof(DecodeBenchmarks).Assembly).Run(wanted, DefaultConfig.Instance);
return 0;
