using System.Net;
using System.Text.Json.Nodes;

namespace SmimeOperator.TenantSimulator.Tests.Writes;

public sealed class ReferenceTests : SimulatorTest
{
    private const string Scep = "microsoft.graph.iosScepCertificateProfile";

    [Fact]
    public async Task A_bound_root_is_never_echoed_but_can_be_read_by_its_own_path()
    {
        var root = await CreateRootAsync();
        var created = await CreateAsync(Paths.Profiles, Bodies.Scep($"https://graph.microsoft.com/beta/deviceManagement/deviceConfigurations('{root}')"));
        var id = (string)created["id"]!;

        created.ToJsonString().ShouldNotContain("rootCertificate");
        (await GetAsync($"{Paths.Profiles}/{id}")).ToJsonString().ShouldNotContain("rootCertificate");
        ((string)(await GetAsync($"{Paths.Profiles}/{id}/{Scep}/rootCertificate"))["id"]!).ShouldBe(root);
        ((string)(await GetAsync($"{Paths.Profiles}/{id}/{Scep}/rootCertificate/$ref"))["@odata.id"]!).ShouldEndWith($"deviceConfigurations('{root}')");
        ((string)(await GetAsync($"{Paths.Profiles}/{id}/{Scep}?$expand=rootCertificate"))["rootCertificate"]!["id"]!).ShouldBe(root);
        ((string)(await ListAsync($"{Paths.Profiles}/{Scep}?$expand=rootCertificate"))[0]["rootCertificate"]!["id"]!).ShouldBe(root);
        Tenant.FindReference("deviceConfigurations", id, "rootCertificate").ShouldBe(root);
        (await SendAsync("GET", $"{Paths.Profiles}/{id}/rootCertificate")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("https://graph.microsoft.com/beta/deviceManagement/deviceConfigurations('00000000-0000-0000-0000-000000000001')")]
    [InlineData("https://graph.microsoft.com/beta/deviceManagement/derivedCredentials('x')")]
    [InlineData("nonsense")]
    public async Task A_root_that_does_not_exist_cannot_be_bound(string link)
    {
        (await SendAsync("POST", Paths.Profiles, Bodies.Scep(link))).Status.ShouldBe(HttpStatusCode.BadRequest);
        Tenant.Log.Violations.ShouldHaveSingleItem().ShouldContain("rootCertificate@odata.bind");
    }

    [Fact]
    public async Task Something_that_is_no_root_cannot_be_bound()
    {
        var other = (string)(await CreateAsync(Paths.Profiles, Bodies.ImportedProfile()))["id"]!;

        (await SendAsync("POST", Paths.Profiles, Bodies.Scep($"{Host.BaseAddress}beta/deviceManagement/deviceConfigurations/{other}"))).Status
            .ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_reference_can_be_put_in_the_place_of_another()
    {
        var first = await CreateRootAsync("first");
        var second = await CreateRootAsync("second");
        var id = (string)(await CreateAsync(Paths.Profiles, Bodies.Scep($"https://graph.microsoft.com/beta/deviceManagement/deviceConfigurations('{first}')")))["id"]!;
        var path = $"{Paths.Profiles}('{id}')/{Scep}/rootCertificate/$ref";

        (await SendAsync("PUT", path, Link(second))).Status.ShouldBe(HttpStatusCode.NoContent);

        Tenant.FindReference("deviceConfigurations", id, "rootCertificate").ShouldBe(second);
        ((int)(await GetAsync($"{Paths.Profiles}/{id}"))["version"]!).ShouldBe(2);
        (await SendAsync("PUT", path, Link(id))).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await SendAsync("PUT", path, Link(Guid.Empty.ToString()))).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_derived_credential_profile_is_bound_to_the_issuer()
    {
        var issuer = (string)(await CreateAsync(
            "/beta/deviceManagement/derivedCredentials",
            Bodies.Parse("""{"displayName":"DISA","issuer":"purebred"}""")))["id"]!;
        var created = await CreateAsync(Paths.Profiles, new JsonObject
        {
            ["@odata.type"] = "#microsoft.graph.iosDerivedCredentialAuthenticationConfiguration",
            ["displayName"] = "Derived",
            ["derivedCredentialSettings@odata.bind"] = $"https://graph.microsoft.com/beta/deviceManagement/derivedCredentials('{issuer}')",
        });

        Tenant.FindReference("deviceConfigurations", (string)created["id"]!, "derivedCredentialSettings").ShouldBe(issuer);
    }

    [Theory]
    [InlineData("deviceStatusOverview", "notApplicablePlatformCount")]
    [InlineData("userStatusOverview", "successCount")]
    public async Task Status_overviews_count_nothing(string name, string count)
    {
        var id = await CreateRootAsync();

        ((int)(await GetAsync($"{Paths.Profiles}/{id}/{name}"))[count]!).ShouldBe(0);
        (await GetAsync($"{Paths.Profiles}/{id}/deviceStatuses"))["value"]!.AsArray().ShouldBeEmpty();
        var policy = (string)(await CreateAsync(Paths.AppConfigurations, Bodies.AppConfiguration(Tenant.AddStoreApp())))["id"]!;
        ((int)(await GetAsync($"{Paths.AppConfigurations}/{policy}/{name.Replace("Overview", "Summary", StringComparison.Ordinal)}"))["errorCount"]!).ShouldBe(0);
    }

    private static JsonObject Link(string id) =>
        new() { ["@odata.id"] = $"https://graph.microsoft.com/beta/deviceManagement/deviceConfigurations('{id}')" };
}
