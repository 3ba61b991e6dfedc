using System.Text.Json;
using System.Text.Json.Nodes;

namespace Smimectl.Tests.Planning;

public sealed class PlanTests
{
    [Fact]
    public async Task A_plan_of_an_empty_tenant_names_everything_that_a_sync_makes_and_sends_no_write()
    {
        await using var bench = await Workbench.OpenAsync();
        bench.AddWays();

        var report = await PlanAsync(bench);

        bench.Simulator.Tenant.Log.Total.Writes.ShouldBe(0);
        report.IsFaulty.ShouldBeFalse();
        report.Resources.ShouldAllBe(r => r.State == PlanState.Ready);
        var planned = report.Changes.Select(c => (c.Action, c.Type, c.Name)).Order().ToList();

        await bench.StartAndConvergeAsync();
        await bench.StopAsync();
        // Assignments of one policy may come together in one request where they were planned one by one.
        bench.Writes.ShouldBeInRange(planned.Count - planned.Count(p => p.Action == SmimeOperator.Reconciliation.ChangeAction.Assign), planned.Count);
        var made = (await PlanAsync(bench)).ShouldNotBeNull();
        made.IsEmpty.ShouldBeTrue(made.Summary());
        Names(bench, "deviceConfigurations").ShouldBe(
            planned.Where(p => p.Action == SmimeOperator.Reconciliation.ChangeAction.Create && p.Type is not ("iosStoreApp" or "iosMobileAppConfiguration" or "androidManagedStoreAppConfiguration"))
                .Select(p => p.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_read_only_Tenant_is_planned_as_if_it_were_not_and_read_once()
    {
        await using var bench = await Workbench.OpenAsync();
        bench.Edit("tenant.yaml", t => t.Replace("mode: Enforce", "mode: ReadOnly", StringComparison.Ordinal).Replace("interval: 5s", "interval: 1s", StringComparison.Ordinal));

        var report = await PlanAsync(bench);

        report.Frozen.ShouldBe(["default/contoso"]);
        report.IsEmpty.ShouldBeFalse();
        bench.Simulator.Tenant.Log.Counts["/deviceManagement/derivedCredentials"].Reads.ShouldBe(1);
    }

    [Fact]
    public async Task What_the_portal_changed_and_what_git_removed_is_planned_field_by_field()
    {
        await using var bench = await Workbench.OpenAsync();
        await bench.StartAndConvergeAsync();
        await bench.StopAsync();
        var before = bench.Writes;
        var policy = (string)bench.Single("mobileAppConfigurations")["id"]!;
        bench.Simulator.Tenant.Change("mobileAppConfigurations", policy, new JsonObject { ["displayName"] = "changed in the portal" }).ShouldBeTrue();
        File.Delete(Path.Combine(bench.Samples, "assignment.yaml"));

        var report = await PlanAsync(bench);

        bench.Writes.ShouldBe(before);
        var change = report.Changes.Single(c => c.Id == policy && c.Action == SmimeOperator.Reconciliation.ChangeAction.Update);
        change.Differences.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            d => d.Path.ShouldBe("/displayName"), d => d.Observed.ShouldBe("changed in the portal"), d => d.Expected.ShouldBe("Outlook for iOS S/MIME"));
        report.Resources.Single(r => r.Key.Kind == "Assignment").State.ShouldBe(PlanState.Gone);
        report.Changes.Count(c => c.Action == SmimeOperator.Reconciliation.ChangeAction.Assign).ShouldBe(5);
    }

    [Fact]
    public async Task An_Assignment_under_another_name_changes_nothing()
    {
        await using var bench = await Workbench.OpenAsync();
        await bench.StartAndConvergeAsync();
        await bench.StopAsync();
        bench.Edit("assignment.yaml", t => t.Replace("name: smime-users", "name: mail-users", StringComparison.Ordinal));

        var report = await PlanAsync(bench);

        report.IsFaulty.ShouldBeFalse();
        report.IsEmpty.ShouldBeTrue(report.Summary());
        report.Resources.Where(r => r.Key.Kind == "Assignment").Select(r => (r.Key.Name, r.State)).ShouldBe([("mail-users", PlanState.Ready), ("smime-users", PlanState.Gone)], ignoreOrder: true);
    }

    [Fact]
    public async Task A_replacement_is_planned_to_its_end_with_what_the_deletion_of_the_old_profile_does()
    {
        await using var bench = await Workbench.OpenAsync();
        bench.AddWays();
        await bench.StartAndConvergeAsync();
        await bench.StopAsync();
        bench.Edit("ways/signing-by-scep.yaml", t => t.Replace("signing:\n    source: Scep", "signing:\n    source: DerivedCredential", StringComparison.Ordinal)
            .Replace(t[t.IndexOf("    scep:", StringComparison.Ordinal)..t.IndexOf("  encryption:", StringComparison.Ordinal)], "", StringComparison.Ordinal));

        var report = await PlanAsync(bench);

        report.IsFaulty.ShouldBeFalse();
        var changes = report.Resources.Single(r => r.Key is { Kind: "SmimePolicy", Name: "signing-by-scep" }).Recording.Made;
        changes.ShouldContain(c => c.Action == SmimeOperator.Reconciliation.ChangeAction.Create && c.Type == "iosDerivedCredentialAuthenticationConfiguration");
        changes.Single(c => c.Action == SmimeOperator.Reconciliation.ChangeAction.Delete).ShouldSatisfyAllConditions(
            c => c.Type.ShouldBe("iosScepCertificateProfile"), c => c.Disruption.ShouldNotBeNull().ShouldContain("revokes"));
    }

    [Fact]
    public async Task Secrets_that_are_absent_and_those_that_are_encrypted_are_told_apart()
    {
        await using var bench = await Workbench.OpenAsync();
        var secrets = Directory.EnumerateFiles(bench.Secrets).ToDictionary(p => p, File.ReadAllText);
        var (alice, _) = secrets.First(s => s.Value.Contains("name: alice", StringComparison.Ordinal));
        File.WriteAllText(alice, "apiVersion: v1\nkind: Secret\nmetadata:\n  name: alice-2024\n  labels: {smime-operator.io/user: alice}\nstringData:\n  a: ENC[AES256_GCM,data:x]\nsops:\n  version: 3.9.0\n");
        bench.Edit("imports.yaml", t => t + "---\napiVersion: smime-operator.io/v1alpha1\nkind: CertificateImport\nmetadata:\n  name: dave\nspec:\n  tenantRef: {name: contoso}\n"
            + "  userPrincipalName: dave@contoso.com\n  purpose: SmimeEncryption\n  sources:\n    - {name: a, pkcs12: {secretName: alice-2024, key: a}}\n    - {name: b, pkcs12: {secretName: nowhere, key: a}}\n");

        var report = await PlanAsync(bench);

        report.Resources.Single(r => r.Key.Name == "dave").Secrets.Select(s => (s.Name.Name, s.IsEncrypted)).ShouldBe([("alice-2024", true), ("nowhere", false)]);
    }

    [Fact]
    public async Task Every_form_says_the_same_and_names_from_the_tenant_cannot_break_a_comment()
    {
        await using var bench = await Workbench.OpenAsync();
        bench.Edit("policy.yaml", t => t.Replace("displayName: Outlook for iOS S/MIME", "displayName: \"| [x](http://evil) <b> @all\"", StringComparison.Ordinal));
        var report = await PlanAsync(bench);

        var text = Written(new PlanText(colour: false), report);
        var markdown = Written(new PlanMarkdown(), report);
        using var json = JsonDocument.Parse(Written(new PlanJson(), report));

        text.ShouldContain(report.Summary());
        text.ShouldNotContain("\e[");
        markdown.ShouldContain(report.Summary());
        markdown.ShouldNotContain(" [x](");
        markdown.ShouldNotContain("<b>");
        markdown.ShouldNotContain("@all");
        markdown.Split('\n').Where(l => l.StartsWith("| ", StringComparison.Ordinal)).ShouldAllBe(l => Columns(l) == 5);
        json.RootElement.GetProperty("resources").EnumerateArray().Sum(r => r.GetProperty("changes").GetArrayLength()).ShouldBe(report.Changes.Count());
    }

    private static int Columns(string row) => row.Replace("\\|", "", StringComparison.Ordinal).Count(c => c == '|') - 1;

    private static string Written(IPlanWriter writer, PlanReport report)
    {
        using var output = new StringWriter();
        writer.Write(report, output);
        return output.ToString();
    }

    private static List<string> Names(Workbench bench, string collection) =>
        [.. bench.Simulator.Tenant.List(collection).Select(o => (string)o["displayName"]!).Order(StringComparer.Ordinal)];

    private static Task<PlanReport> PlanAsync(Workbench bench) => PlanRunner.RunAsync(
        new SyncOptions { Folders = [bench.Samples, bench.Secrets], StatePath = bench.State, TenantEndpoint = bench.Endpoint },
        [], TimeSpan.FromMinutes(1), bench.Limit);
}
