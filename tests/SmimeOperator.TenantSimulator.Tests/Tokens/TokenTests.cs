using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace SmimeOperator.TenantSimulator.Tests.Tokens;

public sealed class TokenTests : SimulatorTest
{
    private static readonly string[] AppsRead = ["DeviceManagementApps.Read.All"];

    [Fact]
    public async Task Without_a_permission_the_answer_names_the_scopes_that_would_do()
    {
        var token = Tenant.IssueToken("app", AppsRead);

        (await SendAsync("GET", Paths.Apps, token: token)).Status.ShouldBe(HttpStatusCode.OK);
        var (status, body) = await SendAsync("POST", Paths.Apps, Bodies.StoreApp(), token);
        status.ShouldBe(HttpStatusCode.Forbidden);
        CodeOf(body).ShouldBe("Forbidden");
        MessageOf(body).ShouldStartWith("Application is not authorized to perform this operation. Application must have one of the following scopes: DeviceManagementApps.ReadWrite.All - ");
        MessageOf((await SendAsync("GET", Paths.Imports, token: token)).Body).ShouldContain("DeviceManagementConfiguration.Read.All, DeviceManagementConfiguration.ReadWrite.All");
        CodeOf((await SendAsync("GET", "/v1.0/users", token: token)).Body).ShouldBe("Authorization_RequestDenied");
    }

    [Fact]
    public async Task A_token_without_roles_may_do_everything_and_names_the_app_in_the_log()
    {
        (await SendAsync("POST", Paths.Apps, Bodies.StoreApp(), Tenant.IssueToken("my-app"))).Status.ShouldBe(HttpStatusCode.Created);
        Tenant.Log.Entries[^1].AppId.ShouldBe("my-app");
        await GetAsync(Paths.Apps);
        Tenant.Log.Entries[^1].AppId.ShouldBe("anonymous");
    }

    [Fact]
    public async Task An_expired_token_is_refused()
    {
        var (status, body) = await SendAsync("GET", Paths.Apps, token: Tenant.IssueToken("app", lifetime: TimeSpan.FromSeconds(-1)));

        status.ShouldBe(HttpStatusCode.Unauthorized);
        CodeOf(body).ShouldBe("InvalidAuthenticationToken");
        Tenant.Log.Entries[^1].Status.ShouldBe(401);
    }

    [Fact]
    public async Task The_token_endpoint_issues_tokens_for_this_tenant()
    {
        var answer = await AskAsync(Tenant.TenantId, ("client_secret", "s3cret"));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var body = (await answer.Content.ReadFromJsonAsync<JsonObject>(Stop))!;
        ((string)body["token_type"]!).ShouldBe("Bearer");
        ((int)body["expires_in"]!).ShouldBe(3600);
        (await SendAsync("GET", Paths.Apps, token: (string)body["access_token"]!)).Status.ShouldBe(HttpStatusCode.OK);
        Tenant.Log.Entries[^1].AppId.ShouldBe("client");
        (await AskAsync(Tenant.TenantId, ("client_assertion", "x.y.z"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await AskAsync("another", ("client_secret", "s3cret"))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await AskAsync(Tenant.TenantId)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_authority_describes_itself()
    {
        var configuration = (await Client.GetFromJsonAsync<JsonObject>($"{Tenant.TenantId}/v2.0/.well-known/openid-configuration", Stop))!;
        ((string)configuration["token_endpoint"]!).ShouldBe($"{Host.BaseAddress}{Tenant.TenantId}/oauth2/v2.0/token");
        var instances = (await Client.GetFromJsonAsync<JsonObject>("common/discovery/instance?api-version=1.1&authorization_endpoint=x", Stop))!;
        ((string)instances["tenant_discovery_endpoint"]!).ShouldContain(Tenant.TenantId);
    }

    private Task<HttpResponseMessage> AskAsync(string tenant, params (string Name, string Value)[] proof)
    {
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = "client",
            ["scope"] = "https://graph.microsoft.com/.default",
        };
        foreach (var (name, value) in proof)
        {
            form[name] = value;
        }

        return Client.PostAsync(new Uri($"{tenant}/oauth2/v2.0/token", UriKind.Relative), new FormUrlEncodedContent(form), Stop);
    }
}

public sealed class GuardedTests : SimulatorTest
{
    protected override SimulatorOptions Options { get; } = new()
    {
        RequireToken = true,
        TokenRoles = ["User.Read.All"],
        ClientSecrets = new Dictionary<string, string>(StringComparer.Ordinal) { ["client"] = "right" },
        UseHttps = true,
    };

    [Fact]
    public async Task A_token_is_demanded_secrets_are_checked_and_roles_are_issued_over_tls()
    {
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { Host.Certificate! },
            RevocationMode = X509RevocationMode.NoCheck,
        };
        using var client = new HttpClient(handler) { BaseAddress = Host.BaseAddress };
        Host.BaseAddress.Scheme.ShouldBe("https");
        Host.Certificate!.HasPrivateKey.ShouldBeFalse();

        (await client.GetAsync(new Uri("v1.0/users", UriKind.Relative), Stop)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await AskAsync(client, "wrong")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var token = (string)(await (await AskAsync(client, "right")).Content.ReadFromJsonAsync<JsonObject>(Stop))!["access_token"]!;
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        (await client.GetAsync(new Uri("v1.0/users", UriKind.Relative), Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.GetAsync(new Uri("v1.0/groups", UriKind.Relative), Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private Task<HttpResponseMessage> AskAsync(HttpClient client, string secret) => client.PostAsync(
        new Uri($"{Tenant.TenantId}/oauth2/v2.0/token", UriKind.Relative),
        new FormUrlEncodedContent(
        [
            new("grant_type", "client_credentials"),
            new("client_id", "client"),
            new("client_secret", secret),
            new("scope", "https://graph.microsoft.com/.default"),
        ]),
        Stop);
}
