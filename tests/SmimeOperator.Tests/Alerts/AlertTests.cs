using System.Text.RegularExpressions;
using SmimeOperator.Testing;

namespace SmimeOperator.Tests;

public sealed partial class AlertTests
{
    private static readonly string Rules = RepositoryRoot.Path("charts", "smime-operator", "files", "alerts.yaml");

    [Fact]
    public async Task Prometheus_accepts_the_rules() =>
        (await Tool.RunAsync("promtool", ["check", "rules", "--lint-fatal", Rules])).Succeeded().StandardOutput.ShouldContain("SUCCESS");

    [Fact]
    public async Task Each_alert_fires_for_its_reason_and_keeps_quiet_without() =>
        (await Tool.RunAsync("promtool", ["test", "rules", "alerts_test.yaml"], folder: RepositoryRoot.Path("tests", "SmimeOperator.Tests", "Alerts")))
        .ExitCode.ShouldBe(0);

    [Fact]
    public async Task Each_alert_has_two_tests_and_an_entry_in_the_runbooks_and_there_is_no_entry_without_an_alert()
    {
        var token = TestContext.Current.CancellationToken;
        var alerts = Alert().Matches(await File.ReadAllTextAsync(Rules, token)).Select(m => m.Groups["name"].Value).ToList();
        var tests = await File.ReadAllTextAsync(RepositoryRoot.Path("tests", "SmimeOperator.Tests", "Alerts", "alerts_test.yaml"), token);
        var entries = Entry().Matches(await File.ReadAllTextAsync(RepositoryRoot.Path("docs", "runbooks.md"), token)).Select(m => m.Groups["name"].Value);

        alerts.ShouldAllBe(a => tests.Contains($"name: {a} fires", StringComparison.Ordinal) && tests.Contains($"name: {a} keeps quiet", StringComparison.Ordinal));
        entries.ShouldBe(alerts, ignoreOrder: true);
    }

    [GeneratedRegex(@"^ +- alert: (?<name>\w+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Alert();

    [GeneratedRegex(@"^## (?<name>Smime\w+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Entry();
}
