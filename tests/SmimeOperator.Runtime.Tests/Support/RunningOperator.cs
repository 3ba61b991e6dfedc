using k8s;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SmimeOperator.Runtime.Queue;
using SmimeOperator.Runtime.Watching;

namespace SmimeOperator.Runtime.Tests;

/// <summary>The runtime in a host of its own, as an operator would run it.</summary>
public sealed class RunningOperator : IAsyncDisposable
{
    private readonly IHost _host;

    private RunningOperator(IHost host) => _host = host;

    public WidgetProbe Probe => Get<WidgetProbe>();

    public IEntityStore<Widget> Widgets => Get<IEntityStore<Widget>>();

    public static async Task<RunningOperator> StartAsync(
        KubernetesClientConfiguration configuration,
        string namespaceName,
        Action<IOperatorBuilder>? build = null,
        Action<OperatorSettings>? configure = null,
        WidgetProbe? probe = null,
        Signals<string>? logs = null,
        TimeSpan? idleLimit = null,
        TimeProvider? time = null)
    {
        var application = Host.CreateEmptyApplicationBuilder(settings: null);
        if (logs is not null)
        {
            application.Logging.SetMinimumLevel(LogLevel.Debug).AddProvider(new SignalLogger(logs));
        }

        application.Services.AddSingleton(time ?? TimeProvider.System);
        application.Services.AddSingleton(configuration);
        application.Services.AddSingleton(probe ?? new WidgetProbe());
        application.Services.AddSingleton(new WatchSettings
        {
            IdleLimit = idleLimit ?? TimeSpan.FromMinutes(3),
            Reconnect = new Backoff(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(50)),
        });
        var builder = application.Services.AddKubernetesOperator(settings =>
        {
            settings.Name = "runtime-test";
            settings.Namespaces = [namespaceName];
            settings.RetryFirstDelay = TimeSpan.FromMilliseconds(20);
            settings.RetryCeiling = TimeSpan.FromMilliseconds(200);
            configure?.Invoke(settings);
        });
        (build ?? (static b => b.AddController<WidgetController, Widget>()))(builder);
        var host = application.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new RunningOperator(host);
    }

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    /// <summary>Records what happens to a store from now on.</summary>
    internal Signals<string> Changes<T>(Informer<T> informer)
        where T : class
    {
        var changes = new Signals<string>();
        informer.Store.Subscribe(change => changes.Add($"{(change.New is null ? '-' : change.Old is null ? '+' : '*')}{change.Key.Name}"));
        return changes;
    }

    public Task StopAsync() => _host.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        if (_host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }

    private sealed class SignalLogger(Signals<string> logs) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            logs.Add($"{eventId.Id} {formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
