using SmimeOperator.Benchmarks;
using SmimeOperator.Benchmarks.Reporting;
using SmimeOperator.Benchmarks.Rows;
using SmimeOperator.Testing;

Options options;
try
{
    options = Options.Parse(args);
}
catch (FormatException wrong)
{
    await Console.Error.WriteLineAsync(wrong.Message);
    return 2;
}

var report = new Report(options.Output ?? RepositoryRoot.Path("artifacts", "bench.json"));
if (options.Runs("crypto"))
{
    new Crypto(report).Run();
}

if (options.Runs("plan"))
{
    await new FolderPlan(report).RunAsync();
}

if (options.Runs("engine") || options.Runs("peer"))
{
    await using var engine = new Engine(report);
    if (options.Runs("engine"))
    {
        await engine.GrowthAsync();
    }

    if (options.Runs("peer"))
    {
        await engine.SideBySideAsync();
    }
}

if (options.Runs("limits"))
{
    // The real thing takes 34 minutes; five times the rates show the same pacing in a few.
    var (imports, scale) = options.Full ? (10_000, 1) : (options.Imports ?? 5_000, options.Scale);
    var rates = new PublishedRates(report, imports, Math.Max(1, imports * 4 / 10), scale);
    await rates.AloneAsync();
    if (!options.Full)
    {
        await rates.BesideAnotherAsync();
        await rates.BesideAGreedyOneAsync();
    }
}

if (options.Runs("cluster"))
{
    await new SteadyState(report, options.Imports is { } some ? Sizes.Of(some) : Sizes.Promised).RunAsync([.. options.Settings]);
}

await report.FinishAsync(string.Join(' ', args));
return report.AllMet ? 0 : 1;
