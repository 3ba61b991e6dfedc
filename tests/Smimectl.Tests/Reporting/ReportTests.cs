using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SmimeOperator.TenantSimulator;
using Smimectl.Tests.Histories;

namespace Smimectl.Tests.Reporting;

public sealed class ReportTests
{
    private const string Evil = "<script>alert(1)</script> \"x\" & <img src=x onerror=alert(1)>";

    [Fact]
    public async Task Figures_are_those_of_the_tenant_and_nothing_is_written()
    {
        await using var bench = await LookBench.OpenAsync(LookBench.Import("dave", "dave@contoso.com", "first", "second") + "---\n" + LookBench.Import("erin", "erin@contoso.com", "missing"));
        var soon = DateTimeOffset.UtcNow.AddDays(20);
        await bench.IssueAsync("first", "dave@contoso.com", "20200101000000Z", "20210101000000Z");
        var second = await bench.IssueAsync("second", "dave@contoso.com", "20210101000000Z", soon.ToString("yyyyMMddHHmmss'Z'", CultureInfo.InvariantCulture));
        bench.Bench.Start();
        await bench.Bench.UntilAsync(v => v.IsIdle && v.Records.All(r => ReadyState.IsReady(r) || r.Key.Name == "erin"));
        await bench.Bench.StopAsync();
        bench.Tenant.Add("deviceConfigurations", new JsonObject { ["@odata.type"] = "#microsoft.graph.iosTrustedRootCertificate", ["displayName"] = "Old root" });
        var policy = (string)bench.Bench.Single("mobileAppConfigurations")["id"]!;
        bench.Tenant.Change("mobileAppConfigurations", policy, new JsonObject { ["displayName"] = "changed in the portal" }).ShouldBeTrue();
        bench.Tenant.Log.Clear();

        var report = await bench.ReportAsync();

        report.Unread.ShouldBeEmpty();
        report.Certificates.Count.ShouldBe(bench.Tenant.Count("userPfxCertificates"));
        report.Expiry.ShouldSatisfyAllConditions(e => e.Expired.ShouldBe(1), e => e.Soon.ShouldBe(1), e => e.Later.ShouldBe(0));
        report.Expiry.Months.Single(m => m.Count > 0).Start.ShouldBe(new DateOnly(second.NotAfter.Year, second.NotAfter.Month, 1));
        // alice and bob are in the groups of the profile, carol is excluded, and git names erin, who is in no group.
        report.Users.Select(u => (u.Name, u.Certificates, u.Cover, u.IsIntended, u.IsStated)).ShouldBe(
        [
            ("alice@contoso.com", 0, AuditCover.Missing, true, false), ("bob@contoso.com", 0, AuditCover.Missing, true, false),
            ("erin@contoso.com", 0, AuditCover.Missing, false, true), ("dave@contoso.com", 2, AuditCover.Expiring, true, true),
        ]);
        var difference = report.Differences.ShouldHaveSingleItem();
        difference.Why.ShouldBe("changed in the tenant");
        difference.Fields.ShouldHaveSingleItem().ShouldContain("changed in the portal");
        report.Unmanaged.ShouldHaveSingleItem().ShouldBe(new AuditUnmanaged("iosTrustedRootCertificate", 1, 0));
        report.Imports.Single(i => i.Name == "default/erin").State.ShouldBe(PlanState.Waiting);
        report.Connectors.ShouldHaveSingleItem().IsHealthy.ShouldBeTrue();
        bench.Tenant.Log.Entries.Count(e => e.Path.Contains("userPfxCertificates", StringComparison.OrdinalIgnoreCase)).ShouldBe(1, "the tenant is read once");
        bench.Tenant.Count("userPfxCertificates").ShouldBe(2);
        ((string?)bench.Bench.Single("mobileAppConfigurations")["displayName"]).ShouldBe("changed in the portal");
    }

    [Fact]
    public async Task A_partial_read_is_said_loudly()
    {
        await using var bench = await LookBench.OpenAsync();
        bench.Tenant.AddFault(new FaultRule { Path = "userPfxCertificates", Status = 403 });

        var report = await bench.ReportAsync();
        var page = HtmlReport.Write(report);

        report.Unread.ShouldContain(u => u.Contains("ImportedCertificates could not be read", StringComparison.Ordinal));
        page.ShouldContain("This report is incomplete");
        page.ShouldContain("Not known: the imported certificates could not be read");
        page.ShouldNotContain("none at all");
        using var json = JsonDocument.Parse(Written(w => AuditJson.Write(report, w)));
        json.RootElement.GetProperty("complete").GetBoolean().ShouldBeFalse();
        json.RootElement.TryGetProperty("users", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Names_from_the_tenant_stay_text_and_the_page_asks_for_nothing()
    {
        await using var bench = await LookBench.OpenAsync();
        bench.Tenant.Add("deviceConfigurations", new JsonObject
        {
            ["@odata.type"] = "#microsoft.graph.iosImportedPFXCertificateProfile", ["displayName"] = Evil, ["intendedPurpose"] = "smimeSigning",
        });

        var page = HtmlReport.Write(await bench.ReportAsync());

        page.ShouldContain("&lt;script&gt;alert(1)&lt;/script&gt;");
        page.ShouldNotContain("<script", Case.Insensitive);
        page.ShouldNotContain("<img", Case.Insensitive);
        Regex.Matches(page, "<[a-z][^>]*\\s(?:src|href|action|data)=\"(?<to>[^\"]*)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5)).Select(m => m.Groups["to"].Value).Distinct().ShouldBe(["data:,"]);
        page.ShouldNotContain("url(");
        foreach (var secret in Directory.EnumerateFiles(bench.Folder, "*.yaml").SelectMany(File.ReadAllLines).Where(l => l.Contains("password: ", StringComparison.Ordinal)))
        {
            page.ShouldNotContain(secret.Split('"')[1]);
        }
    }

    [Theory]
    [InlineData(390)]
    [InlineData(1280)]
    public async Task A_browser_shows_it_without_scrolling_sideways_and_without_complaint(int width)
    {
        await using var bench = await LookBench.OpenAsync();
        bench.Tenant.Add("deviceConfigurations", new JsonObject
        {
            ["@odata.type"] = "#microsoft.graph.iosImportedPFXCertificateProfile", ["displayName"] = Evil + new string('w', 150), ["intendedPurpose"] = "smimeSigning",
        });
        var report = await bench.ReportAsync();
        var long64 = new string('m', 64);
        report = report with
        {
            Users = [.. report.Users, .. Enumerable.Range(0, 300).Select(i => new AuditUser($"{long64}{i}@{long64}.example", i % 2 == 0, i, report.Now, (AuditCover)(i % 4)))],
            Expiry = report.Expiry with { Months = [.. report.Expiry.Months.Select((m, i) => m with { Count = i * 4321 })] },
            Unread = ["ImportedCertificates could not be read: " + Evil],
        };

        var shown = await Chromium.ShowAsync(HtmlReport.Write(report), width);

        shown.ScrollWidth.ShouldBeLessThanOrEqualTo(width);
        shown.Console.ShouldBeEmpty();
        shown.Requests.ShouldBeEmpty();
        shown.Foreign.ShouldBe(0);
        shown.TablesWithoutCaption.ShouldBe(0);
        shown.Headings.Count(h => h == 1).ShouldBe(1);
        shown.Headings.Zip(shown.Headings.Skip(1)).ShouldAllBe(pair => pair.Second <= pair.First + 1);
    }

    [Fact]
    public async Task Ten_thousand_users_are_added_up_and_only_the_neediest_are_listed()
    {
        await using var bench = await LookBench.OpenAsync();
        var report = await bench.ReportAsync();

        var page = HtmlReport.Write(report with
        {
            Users = [.. Enumerable.Range(0, 10_000).Select(i => new AuditUser($"user{i:00000}@contoso.com", true, 1, report.Now, i < 100 ? AuditCover.Missing : AuditCover.Covered))],
        });

        Regex.Count(page, "user[0-9]{5}@contoso[.]com", RegexOptions.None, TimeSpan.FromSeconds(5)).ShouldBe(CertificateSections.MostUsers);
        page.ShouldContain("250 users of 10,000 are listed, and all of them stand in the file of --json");
        page.Length.ShouldBeLessThan(500_000);
    }

    [Fact]
    public void Fields_that_a_spreadsheet_would_run_are_made_text()
    {
        var line = Written(w => CsvLine.Write(w, "=cmd|' /C calc'!A0", "@x", "a,\"b\"", "-1", "plain"));

        line.ShouldBe("'=cmd|' /C calc'!A0,'@x,\"a,\"\"b\"\"\",'-1,plain\r\n");
    }

    private static string Written(Action<TextWriter> write)
    {
        using var output = new StringWriter();
        write(output);
        return output.ToString();
    }
}
