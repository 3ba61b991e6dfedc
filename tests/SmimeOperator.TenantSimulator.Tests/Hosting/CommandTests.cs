using System.CommandLine;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace SmimeOperator.TenantSimulator.Tests.Hosting;

public sealed class CommandTests
{
    [Theory]
    [InlineData("--frob", "'--frob'")]
    [InlineData("--port", "--port")]
    [InlineData("--port ninety", "--port takes a whole number from 0 to 65535, and 'ninety' is none.")]
    [InlineData("--page-size 0", "--page-size takes a whole number from 1 to 1000, and '0' is none.")]
    [InlineData("--tenant-id contoso", "--tenant-id takes a GUID")]
    [InlineData("--certificate trust.pem", "--certificate belongs to --https.")]
    public void What_cannot_be_meant_is_refused_with_what_would_do(string line, string message) =>
        string.Join('\n', SimulatorCommand.Configure(new RootCommand()).Parse(line.Split(' ')).Errors.Select(e => e.Message)).ShouldContain(message);

    [Fact]
    public async Task Over_TLS_and_with_tokens_it_serves_whoever_trusts_its_certificate_until_it_is_stopped()
    {
        var trust = Path.GetTempFileName();
        using var output = new FirstWords();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        string[] arguments = ["--port", "0", "--https", "--certificate", trust, "--require-token", "--token-role", "User.Read.All", "--page-size", "2", "--no-limits"];
        var running = SimulatorCommand.Configure(new RootCommand()).Parse(arguments).InvokeAsync(new InvocationConfiguration { Output = output, ProcessTerminationTimeout = null }, stop.Token);
        await Task.WhenAny(running, output.Said);
        var address = new Uri((await output.Said).Split(' ')[3]);
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(trust);
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { certificate }, RevocationMode = X509RevocationMode.NoCheck };
        using var client = new HttpClient(handler) { BaseAddress = address };

        using var refused = await client.GetAsync(new Uri("v1.0/users", UriKind.Relative), stop.Token);
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var form = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", "app"), new("client_secret", "x"), new("scope", "https://graph.microsoft.com/.default")]);
        using var answer = await client.PostAsync(new Uri("11111111-2222-3333-4444-555555555555/oauth2/v2.0/token", UriKind.Relative), form, stop.Token);
        var token = (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(stop.Token))!["access_token"]!;
        Claims(token)["roles"]!.AsArray().Select(r => (string)r!).ShouldBe(["User.Read.All"]);
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        var users = JsonNode.Parse(await client.GetStringAsync(new Uri("v1.0/users", UriKind.Relative), stop.Token))!;
        users["value"]!.AsArray().Count.ShouldBe(2);
        users["@odata.nextLink"].ShouldNotBeNull();

        await stop.CancelAsync();
        (await running).ShouldBe(0);
        File.Delete(trust);
    }

    private static JsonNode Claims(string token)
    {
        var body = token.Split('.')[1].Replace('-', '+').Replace('_', '/');
        return JsonNode.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(body.PadRight((body.Length + 3) / 4 * 4, '='))))!;
    }

    private sealed class FirstWords : StringWriter
    {
        private readonly TaskCompletionSource<string> _said = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Said => _said.Task;

        public override Task FlushAsync(CancellationToken cancellationToken)
        {
            _said.TrySetResult(ToString());
            return Task.CompletedTask;
        }
    }
}
