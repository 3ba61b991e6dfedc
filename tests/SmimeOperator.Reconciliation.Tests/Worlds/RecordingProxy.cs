using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SmimeOperator.Reconciliation.Tests.Worlds;

/// <summary>A request as it went over the wire.</summary>
internal sealed record SentRequest(string Method, string Path, string Headers, string Body);

/// <summary>Stands between the operator and the simulated tenant, writes down what passes, and changes nothing.</summary>
internal sealed class RecordingProxy : IAsyncDisposable
{
    private readonly ConcurrentQueue<SentRequest> _sent = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });
    private readonly WebApplication _app;
    private readonly Uri _target;
    private volatile Death? _death;
    private int _underWay;

    private RecordingProxy(Uri target)
    {
        _target = target;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddLogging();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(PassAsync);
    }

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    public IReadOnlyList<SentRequest> Sent => [.. _sent];

    /// <summary>Nothing passes: requests get no answer, and their connection stays open until the caller leaves.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Told of each request before it passes on, which it does when the task is done.</summary>
    public Func<SentRequest, Task> Passing { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Lets the process on this side die at a moment.</summary>
    public Task Kill(DeathMoment moment, int nth) => (_death = new Death(moment, nth)).Came;

    /// <summary>Breaks the connections of the process that died.</summary>
    public void Bury() => _death?.Bury();

    /// <summary>Another process begins, once the tenant has dealt with what it got from the one before.</summary>
    public async Task ReviveAsync()
    {
        Bury();
        while (Volatile.Read(ref _underWay) > 0)
        {
            await Task.Yield();
        }

        _death?.Dispose();
        _death = null;
    }

    public static async Task<RecordingProxy> StartAsync(Uri target)
    {
        var proxy = new RecordingProxy(target);
        await proxy._app.StartAsync(TestContext.Current.CancellationToken);
        proxy.Address = new Uri(proxy._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        var death = _death;
        try
        {
            if (IsSilent || death?.StopsRequest() == true)
            {
                await HangAsync(context, death);
            }

            Interlocked.Increment(ref _underWay);
            try
            {
                await ForwardAsync(context, death);
            }
            finally
            {
                Interlocked.Decrement(ref _underWay);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // What broke behind breaks in front.
            context.Abort();
        }
    }

    private static async Task HangAsync(HttpContext context, Death? death)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, death?.Over ?? CancellationToken.None);
        await Task.Delay(Timeout.InfiniteTimeSpan, either.Token);
    }

    private async Task ForwardAsync(HttpContext context, Death? death)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(_target, context.Request.Path + context.Request.QueryString.ToString()));
        if (body.Length > 0)
        {
            request.Content = new ByteArrayContent(body.ToArray());
        }

        foreach (var (name, values) in context.Request.Headers.Where(h => h.Key is not ("Content-Length" or "Transfer-Encoding" or "Connection")))
        {
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        var sent = new SentRequest(
            context.Request.Method,
            context.Request.Path.Value ?? "",
            string.Join('\n', context.Request.Headers.Select(h => $"{h.Key}: {h.Value}")) + context.Request.QueryString,
            Encoding.UTF8.GetString(body.ToArray()));
        _sent.Enqueue(sent);
        await Passing(sent);
        // What a process sent before it died arrives all the same.
        using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, death is null ? context.RequestAborted : CancellationToken.None);
        if (death?.StopsAnswer(context.Request.Method, context.Request.Path) == true)
        {
            await HangAsync(context, death);
        }

        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(h => h.Key is not ("Transfer-Encoding" or "Connection")))
        {
            context.Response.Headers[name] = values.ToArray();
        }

        if (answer.StatusCode != HttpStatusCode.NoContent)
        {
            await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
    }
}
