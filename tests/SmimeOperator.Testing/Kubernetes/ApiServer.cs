using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Xunit;

namespace SmimeOperator.Testing;

/// <summary>
/// A real Kubernetes API server with its own etcd. Use it as a fixture (assembly, collection or class), or make one inside a test.
/// Where there are no binaries nothing starts, and a test is skipped as soon as it asks for anything the server offers.
/// </summary>
public sealed class ApiServer : IAsyncLifetime
{
    /// <summary>The token of a user in system:masters.</summary>
    public const string AdminToken = "admintoken";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);
    private const int Attempts = 3;

    private readonly TemporaryFolder _folder = new();
    private BackgroundProcess? _etcd;
    private BackgroundProcess? _apiServer;
    private string? _binaries;
    private int _etcdPort;
    private int _port;

    /// <summary>Whether there are binaries to start; a fixture that prepares something in the server asks this first.</summary>
    public static bool IsAvailable => ApiServerAssets.Folder is not null;

    /// <summary>Where the API server listens, also while it is stopped.</summary>
    public Uri Address => new($"https://127.0.0.1:{Port}");

    /// <summary>Path of the kubeconfig of a user in system:masters.</summary>
    public string Kubeconfig => Present(_folder["admin.kubeconfig"]);

    /// <summary>kubectl as a user in system:masters.</summary>
    public Kubectl Kubectl => new(Kubeconfig, _folder["kubectl-cache"]);

    /// <summary>Path of the certificate (PEM) that the API server is trusted by.</summary>
    public string CertificateAuthority => Present(_folder["certs/apiserver.crt"]);

    private string Port => Present(_port.ToString(CultureInfo.InvariantCulture));

    /// <summary>Starts etcd and the API server and waits until it is ready.</summary>
    public async ValueTask InitializeAsync()
    {
        _binaries = ApiServerAssets.Folder;
        if (_binaries is null)
        {
            return;
        }

        await WriteCredentialsAsync();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await StartOnFreePortsAsync();
                break;
            }
            catch (InvalidOperationException) when (attempt < Attempts)
            {
                // Somebody else may have taken a port between finding and using it.
                await StopAsync();
            }
            catch
            {
                await DisposeAsync();
                throw;
            }
        }

        WriteKubeconfig("admin", AdminToken);
    }

    /// <summary>Kills the API server; etcd and the data stay.</summary>
    public async Task StopApiServerAsync()
    {
        if (_apiServer is not null)
        {
            await _apiServer.DisposeAsync();
            _apiServer = null;
        }
    }

    /// <summary>Lets etcd stand still (SIGSTOP): the API server answers nothing that it does not know by heart.</summary>
    public Task PauseEtcdAsync() => SignalEtcdAsync("STOP");

    /// <summary>Lets etcd go on.</summary>
    public Task ResumeEtcdAsync() => SignalEtcdAsync("CONT");

    /// <summary>Starts the API server on the port and the data it had before, and waits until it is ready.</summary>
    public async Task StartApiServerAsync()
    {
        if (_apiServer is not null)
        {
            throw new InvalidOperationException("The API server runs already.");
        }

        _apiServer = BackgroundProcess.Start(
            Path.Combine(Present(_binaries)!, "kube-apiserver"),
            [
                "--etcd-servers", $"http://127.0.0.1:{_etcdPort}",
                "--secure-port", Port,
                "--bind-address", "127.0.0.1",
                "--cert-dir", _folder["certs"],
                "--token-auth-file", _folder["tokens.csv"],
                "--authorization-mode", "RBAC",
                "--service-account-issuer", "https://kubernetes.default.svc",
                "--service-account-key-file", _folder["sa.pub"],
                "--service-account-signing-key-file", _folder["sa.key"],
            ],
            _folder["kube-apiserver.log"]);
        await ReadyAsync(_apiServer, new Uri(Address, "readyz"));
    }

    /// <summary>Writes a kubeconfig for the bearer of a token, such as one that kubectl create token printed, and returns its path.</summary>
    public string WriteKubeconfig(string user, string token)
    {
        var path = Present(_folder[$"{user}.kubeconfig"]);
        File.WriteAllText(path, $"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: test
              cluster:
                server: {Address.GetLeftPart(UriPartial.Authority)}
                certificate-authority: {CertificateAuthority}
            users:
            - name: {user}
              user:
                token: {token}
            contexts:
            - name: test
              context:
                cluster: test
                user: {user}
            current-context: test

            """);
        return path;
    }

    /// <summary>kubectl as the bearer of a token.</summary>
    public Kubectl KubectlAs(string user, string token) => new(WriteKubeconfig(user, token), _folder[$"kubectl-cache-{user}"]);

    /// <summary>Kills both servers and deletes their data.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }

    private async Task StartOnFreePortsAsync()
    {
        _etcdPort = FreePort.Next();
        _port = FreePort.Next();
        var client = $"http://127.0.0.1:{_etcdPort}";
        _etcd = BackgroundProcess.Start(
            Path.Combine(_binaries!, "etcd"),
            [
                "--data-dir", _folder["etcd"],
                "--listen-client-urls", client,
                "--advertise-client-urls", client,
                "--listen-peer-urls", $"http://127.0.0.1:{FreePort.Next()}",
                "--unsafe-no-fsync",
            ],
            _folder["etcd.log"]);
        await ReadyAsync(_etcd, new Uri($"{client}/health"));
        await StartApiServerAsync();
    }

    private async Task SignalEtcdAsync(string signal) => (await Command.RunAsync(
        "/bin/sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{signal} {Present(_etcd)!.ProcessId}")])).Succeeded();

    private async Task StopAsync()
    {
        await StopApiServerAsync();
        if (_etcd is not null)
        {
            await _etcd.DisposeAsync();
            _etcd = null;
        }
    }

    private async Task WriteCredentialsAsync()
    {
        using var key = RSA.Create(2048);
        await File.WriteAllTextAsync(_folder["sa.key"], key.ExportPkcs8PrivateKeyPem());
        await File.WriteAllTextAsync(_folder["sa.pub"], key.ExportSubjectPublicKeyInfoPem());
        await File.WriteAllTextAsync(_folder["tokens.csv"], $"{AdminToken},admin,1,\"system:masters\"\n");
    }

    private async Task ReadyAsync(BackgroundProcess server, Uri health)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!server.HasExited && !limit.IsCancellationRequested)
        {
            if (await AnswersAsync(health))
            {
                return;
            }

            await Task.Delay(BetweenLooks);
        }

        throw new InvalidOperationException($"{health} never answered 200.\n{server.LogTail()}");
    }

    private async Task<bool> AnswersAsync(Uri health)
    {
        try
        {
            using var handler = new SocketsHttpHandler { SslOptions = new() { CertificateChainPolicy = Trust() } };
            using var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(5) };
            client.DefaultRequestHeaders.Authorization = new("Bearer", AdminToken);
            using var response = await client.GetAsync(health);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception notYet) when (notYet is HttpRequestException or TaskCanceledException or CryptographicException)
        {
            return false;
        }
    }

    // The server makes its certificate while it starts, and the folder for it.
    private X509ChainPolicy Trust()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        if (File.Exists(CertificateAuthority))
        {
            policy.CustomTrustStore.ImportFromPemFile(CertificateAuthority);
        }

        return policy;
    }

    private T Present<T>(T value)
    {
        Assert.SkipWhen(_binaries is null, ApiServerAssets.Missing);
        return value;
    }
}
