using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace SmimeOperator.Intune;

/// <summary>Registers the tenant engine.</summary>
public static class IntuneServiceCollectionExtensions
{
    /// <summary>Adds <see cref="IIntuneTenantFactory"/>. Takes TimeProvider, ILoggerFactory, IMeterFactory and <see cref="IWriteFence"/> from the services where they are there.</summary>
    public static IServiceCollection AddIntune(this IServiceCollection services, Action<IntuneOptions>? configure = null)
    {
        var options = new IntuneOptions();
        configure?.Invoke(options);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IIntuneTenantFactory>(provider => new IntuneTenantFactory(
            options,
            new IntuneMetrics(provider.GetService<IMeterFactory>() ?? new OwnMeters()),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance,
            provider.GetService<IWriteFence>() ?? OpenFence.Instance));
        return services;
    }

    // A command line has no host that would register one.
    private sealed class OwnMeters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);

        public void Dispose()
        {
        }
    }
}
