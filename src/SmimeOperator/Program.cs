using SmimeOperator.Hosting;

return args is ["probe", var address] ? await Probe.RunAsync(address) : await OperatorApplication.RunAsync(args);
