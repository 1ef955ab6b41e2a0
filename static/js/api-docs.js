// Starts the reader of the API's description. No validator: nothing is asked of another host.
SwaggerUIBundle({
  url: document.getElementById("reader").dataset.schema,
  domNode: document.getElementById("reader"),
  presets: [SwaggerUIBundle.presets.apis],
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  supportedSubmitMethods: ["get"],
  validatorUrl: null,
});
