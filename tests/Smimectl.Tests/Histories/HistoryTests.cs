using System.Text.Json;
using SmimeOperator.TenantSimulator;

namespace Smimectl.Tests.Histories;

public sealed class HistoryTests
{
    private const string User = "dave@contoso.com";

    [Fact]
    public async Task Each_certificate_is_told_with_its_place_and_times_without_one_are_named()
    {
        await using var bench = await LookBench.OpenAsync(LookBench.Import("dave", User, "first", "second"));
        var first = await bench.IssueAsync("first", User, "20150301000000Z", "20160301000000Z");
        var second = await bench.IssueAsync("second", User, "20170615120000Z", "20180615120000Z");
        await bench.SyncAsync();
        var third = await bench.IssueAsync("third", User, "20160101000000Z", "20170101000000Z");
        bench.Bench.Edit("imports.yaml", _ => LookBench.Import("dave", User, "second", "third"));
        File.Delete(Path.Combine(bench.Folder, "first.yaml"));

        var history = await bench.HistoryAsync("DAVE@Contoso.com");

        history.Unread.ShouldBeEmpty();
        history.Certificates.Select(c => (c.Thumbprint, c.NotBefore, c.NotAfter, c.Place)).ShouldBe(
        [
            (first.Thumbprint, first.NotBefore, first.NotAfter, HistoryPlace.TenantOnly),
            (third.Thumbprint, third.NotBefore, third.NotAfter, HistoryPlace.GitOnly),
            (second.Thumbprint, second.NotBefore, second.NotAfter, HistoryPlace.Both),
        ]);
        history.Certificates.ShouldAllBe(c => c.Validity == HistoryValidity.Expired);
        history.Findings.Single(f => f.Kind == "gap").Message.ShouldSatisfyAllConditions(
            m => m.ShouldContain("from 2016-03-01 to 2017-06-15"), m => m.ShouldContain(third.Thumbprint));
        history.Findings.Single(f => f.Kind == "expired").Message.ShouldContain("2018-06-15");
        history.Findings.Single(f => f.Kind == "only-git").Message.ShouldContain(third.Thumbprint);
        history.Findings.Single(f => f.Kind == "only-tenant").Message.ShouldContain(first.Thumbprint);
        bench.Tenant.Log.Total.Writes.ShouldBe(0);
        bench.Tenant.Count("userPfxCertificates").ShouldBe(2);
        Reads(bench, "userPfxCertificates").ShouldBe(1, "the tenant is read once");
    }

    [Fact]
    public async Task Of_an_escrow_only_the_users_own_secrets_are_opened()
    {
        await using var bench = await LookBench.OpenAsync(
            "apiVersion: smime-operator.io/v1alpha1\nkind: CertificateImport\nmetadata: {name: escrow}\nspec:\n  tenantRef: {name: contoso}\n  purpose: SmimeEncryption\n"
            + "  users: {fromSecrets: {selector: {matchLabels: {escrow: \"yes\"}}}}\n");
        var id = bench.Tenant.List("users").Single(u => (string?)u["userPrincipalName"] == User)["id"]!.ToString();
        var own = await bench.IssueAsync("own", User, "20240101000000Z", "20440101000000Z", Escrowed(User));
        var byId = await bench.IssueAsync("by-id", User, "20200101000000Z", "20210101000000Z", Escrowed(id));
        await bench.IssueAsync("other", "alice@contoso.com", "20240101000000Z", "20440101000000Z", Escrowed("alice@contoso.com"));
        File.WriteAllText(Path.Combine(bench.Folder, "broken.yaml"), "apiVersion: v1\nkind: Secret\nmetadata:\n  name: broken\n" + Escrowed("bob@contoso.com") + "stringData: {a.p12: x}\n");

        var history = await bench.HistoryAsync(User);

        history.Certificates.Select(c => c.Thumbprint).ShouldBe([byId.Thumbprint, own.Thumbprint]);
        history.Certificates.ShouldAllBe(c => c.Place == HistoryPlace.GitOnly);
        history.Certificates.SelectMany(c => c.Sources).Select(s => s.Source).ShouldBe(["by-id", "own"]);
        history.Imports.ShouldHaveSingleItem().IsEscrow.ShouldBeTrue();
        history.Findings.ShouldNotContain(f => f.Message.Contains("broken", StringComparison.Ordinal));
        history.Findings.ShouldContain(f => f.Kind == "none" && f.IsProblem);
    }

    [Fact]
    public async Task Users_are_found_by_id_and_after_their_deletion_and_strangers_get_a_way_out()
    {
        await using var bench = await LookBench.OpenAsync(LookBench.Import("dave", User, "first"));
        var first = await bench.IssueAsync("first", User, "20240101000000Z", "20440101000000Z");
        await bench.SyncAsync();
        var id = bench.Tenant.List("users").Single(u => (string?)u["userPrincipalName"] == User)["id"]!.ToString();

        (await bench.HistoryAsync(id.ToUpperInvariant())).User.Name.ShouldBe(User);
        (await Should.ThrowAsync<UnknownUserException>(() => bench.HistoryAsync("dav@contoso.com"))).Message.ShouldContain($"did you mean {User}?");
        (await Should.ThrowAsync<UnknownUserException>(() => bench.HistoryAsync("nobody@elsewhere.example"))).Message.ShouldContain("write the principal name");

        bench.Tenant.Delete("users", id).ShouldBeTrue();
        var left = await bench.HistoryAsync(User);
        left.User.Id.ShouldBe(id);
        left.User.Remarks.ShouldHaveSingleItem().ShouldContain("the directory does not know this user");
        left.Certificates.ShouldHaveSingleItem().Thumbprint.ShouldBe(first.Thumbprint);
    }

    [Fact]
    public async Task What_could_not_be_read_is_never_called_absent()
    {
        await using var bench = await LookBench.OpenAsync(LookBench.Import("dave", User, "first"));
        var first = await bench.IssueAsync("first", User, "20240101000000Z", "20440101000000Z");
        await bench.SyncAsync();
        bench.Tenant.AddFault(new FaultRule { Path = "userPfxCertificates", Status = 403 });

        var history = await bench.HistoryAsync(User);

        history.Unread.ShouldHaveSingleItem().ShouldContain("ImportedCertificates could not be read");
        history.Findings.ShouldNotContain(f => f.Kind == "none" || f.Kind == "only-git");
        history.Certificates.ShouldAllBe(c => c.Place == HistoryPlace.Unknown && c.Thumbprint == first.Thumbprint);
        Written(new HistoryText(colour: false), history).ShouldContain("INCOMPLETE");
    }

    [Fact]
    public async Task Another_connector_key_and_a_key_in_several_hands_are_noticed()
    {
        await using var bench = await LookBench.OpenAsync(LookBench.Import("dave", User, "first"));
        var first = await bench.IssueAsync("first", User, "20240101000000Z", "20440101000000Z");
        await bench.SyncAsync();
        var record = bench.Tenant.List("userPfxCertificates").ShouldHaveSingleItem();
        record.Remove("id");
        record["userPrincipalName"] = "alice@contoso.com";
        record["encryptedPfxPassword"] = "AA==";
        bench.Tenant.Add("userPfxCertificates", record);
        (await bench.HistoryAsync(User)).Certificates.ShouldHaveSingleItem().Key.ShouldBe(HistoryKey.Today);
        (await bench.HistoryAsync(User, remembers: false)).Certificates.ShouldHaveSingleItem().Key.ShouldBe(HistoryKey.SameName);
        bench.Bench.Edit("tenant.yaml", t => t.Replace("keyName: PFXEncryptionKey", "keyName: NewKey", StringComparison.Ordinal));

        var history = await bench.HistoryAsync(User);

        history.Certificates.ShouldHaveSingleItem().Key.ShouldBe(HistoryKey.Other);
        history.Findings.Single(f => f.Kind == "other-key").Message.ShouldSatisfyAllConditions(
            m => m.ShouldContain(first.Thumbprint), m => m.ShouldContain("PFXEncryptionKey"), m => m.ShouldContain("the next sync sends it anew"));
        history.Findings.Single(f => f.Kind == "shared").Message.ShouldContain("alice@contoso.com");
    }

    [Fact]
    public async Task Devices_get_what_an_assigned_profile_delivers()
    {
        await using var bench = await LookBench.OpenAsync(LookBench.Import("dave", User, "first"));
        await bench.IssueAsync("first", User, "20240101000000Z", "20440101000000Z");
        await bench.SyncAsync();

        var history = await bench.HistoryAsync(User);
        var text = Written(new HistoryText(colour: false), history);
        text.ShouldContain("group 'S/MIME users' with filter 'Corporate iPhones' and group 'Executives', except group 'Contractors'");
        text.ShouldContain("yes        Outlook for iOS S/MIME - encryption certificates");
        text.ShouldNotContain("\e[");

        foreach (var profile in bench.Tenant.List("deviceConfigurations"))
        {
            bench.Tenant.Delete("deviceConfigurations", (string)profile["id"]!);
        }

        (await bench.HistoryAsync(User)).Findings.ShouldContain(f => f.Kind == "not-delivered" && f.IsProblem);
    }

    [Fact]
    public async Task Json_and_csv_hold_the_same_certificates()
    {
        await using var bench = await LookBench.OpenAsync(LookBench.Import("dave", User, "first"));
        var first = await bench.IssueAsync("first", User, "20240101000000Z", "20440101000000Z");

        var history = await bench.HistoryAsync(User);

        using var json = JsonDocument.Parse(Written(new HistoryJson(), history));
        var certificate = json.RootElement.GetProperty("certificates").EnumerateArray().ShouldHaveSingleItem();
        certificate.GetProperty("thumbprint").GetString().ShouldBe(first.Thumbprint);
        certificate.GetProperty("notAfter").GetDateTimeOffset().ShouldBe(first.NotAfter);
        certificate.GetProperty("place").GetString().ShouldBe("GitOnly");
        var lines = Written(new HistoryCsv(), history).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(2);
        lines[1].Split(',')[3].ShouldBe(first.Thumbprint);
    }

    internal static string Escrowed(string user) => $"  labels: {{escrow: \"yes\"}}\n  annotations: {{smime-operator.io/user-principal-name: {user}}}\n";

    private static int Reads(LookBench bench, string collection) => bench.Tenant.Log.Entries.Count(e => e.Path.Contains(collection, StringComparison.OrdinalIgnoreCase));

    private static string Written(IHistoryWriter writer, UserHistory history)
    {
        using var output = new StringWriter();
        writer.Write(history, output);
        return output.ToString();
    }
}
