using SmimeOperator.Benchmarks;
using SmimeOperator.Benchmarks.Reporting;
using SmimeOperator.Benchmarks.Rows;
using SmimeOperator.Testing;

var options = Options.Parse(args);
var report = new Report(options.Output ?? RepositoryRoot.Path("artifacts", "bench.json"));
if (options.Runs("cluster"))
{
    await new SteadyState(report, options.Imports is { } imports ? Sizes.Of(imports) : Sizes.Promised).RunAsync([.. options.Settings]);
}

await report.FinishAsync(string.Join(' ', args));
return report.AllMet ? 0 : 1;
